"""The wing that shows the warehouse to people; reads it, never writes it."""
