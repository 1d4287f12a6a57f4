"""The workbook that senders may fill in: all kinds of table with drop-downs, cell checks, an example and a guide."""
