"""What is shown: what Kith decided and why, in plain words."""
