"""What can be set, and what sets it."""
