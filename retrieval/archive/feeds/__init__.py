"""Feeds: subscriptions, schedule and entries."""
