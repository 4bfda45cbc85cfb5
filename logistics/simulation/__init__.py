"""Many days: generated arrivals, the planning of each day, scenarios and their comparison."""
