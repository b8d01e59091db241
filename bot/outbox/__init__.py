"""What is told: lanes, the gate asked again, sending, retry, fallback."""
