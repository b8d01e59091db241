"""What is asked: guided conversations, each one a table of steps."""
