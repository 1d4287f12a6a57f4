"""Where things are: coordinate systems and the boundaries of street, communities and estates."""
