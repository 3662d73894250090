"""Feeds: subscriptions, their schedule, their entries."""
