"""What members ask: questions answered with passages, quotations by speakers, the newest about a topic."""
