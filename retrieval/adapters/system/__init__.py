"""What is asked of the operating system: memory, priorities."""
