"""Rates the estates and companies of a published street by a rubric: reads the rubric, gathers the evidence, prints."""
