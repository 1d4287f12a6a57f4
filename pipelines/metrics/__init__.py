"""The metrics: what each is, how it is counted, pooled, doubted and compared."""
