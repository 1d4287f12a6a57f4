"""The demo street: a fictional street office whose untidy workbooks show what Lianping reads and finds."""
