"""Change and see: what a coordinator decides about a day, tried first, then kept."""
