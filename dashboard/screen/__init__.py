"""The printer for the screen: stories into pages."""
