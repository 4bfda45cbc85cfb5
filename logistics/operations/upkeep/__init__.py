"""The house behind: background jobs, what is due by the clock, tidying, examination."""
