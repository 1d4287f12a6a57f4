"""The pages: each takes a story to the screen."""
