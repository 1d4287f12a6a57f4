"""From a file to typed records and findings: the only place that knows spreadsheets."""
