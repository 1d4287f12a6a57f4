"""What goes back to communities: the demo street, templates, annotated workbooks."""
