"""The day under way: what drivers report, what is aboard, the plan for what is left of it."""
