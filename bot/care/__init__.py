"""What is right: records and rules. Knows no Telegram, no SQL, no clock."""
