"""What is due: the second door in, and the keeping of the house."""
