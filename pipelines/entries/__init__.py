"""What people type into a screen, kept as small files below the submissions, which the next load reads like others."""
