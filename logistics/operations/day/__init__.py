"""A day's plan: its problem built, solved, kept as a version, published, closed."""
