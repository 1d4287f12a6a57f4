"""The intake door: what people hand in at a screen is checked, accepted, explained and withdrawn here."""
