"""What is new since the last meeting, as sentences with their evidence."""
