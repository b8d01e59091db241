"""What is said: Telegram updates to plain values, and back."""
