"""The wing that turns what communities send into a warehouse; knows nothing of screens."""
