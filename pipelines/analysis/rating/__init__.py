"""Star ratings as pure functions: a published rubric and what is known of a subject in, every point explained out."""
