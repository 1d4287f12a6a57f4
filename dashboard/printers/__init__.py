"""How a story is printed on paper: pictures, workbooks, documents."""
