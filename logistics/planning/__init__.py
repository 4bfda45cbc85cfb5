"""The day problem and its solution."""
