"""What runs without anybody asking: feeds, maintenance, the heartbeat, registration of commands."""
