"""A round of a rating: from its opening to its sealed publication, each step a small file with who and when."""
