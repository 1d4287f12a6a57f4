"""The same pictures as SVG for the screen, drawn by the server: small, sharp, and quick at any number of estates."""
