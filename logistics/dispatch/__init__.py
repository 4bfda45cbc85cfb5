"""From the records of a date to its day problem, without a database."""
