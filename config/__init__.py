"""What an operator may change: settings and logging."""
