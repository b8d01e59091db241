"""What arrives: every update is kept before it is confirmed, then handled, chat by chat."""
