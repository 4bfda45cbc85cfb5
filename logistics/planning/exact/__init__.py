"""Prove how cheap a plan of the day can be at all, and find it where the proof allows."""
