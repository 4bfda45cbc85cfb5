"""
The use cases of a day, one function each: what the command line and the API call.

In the order of a day: ``network`` (what the day rests on), ``intake`` (what comes in), ``day`` (the
plan, from its problem to the booked outcome), ``view`` (what people see of it), ``change`` (what
they decide about it), ``road`` (the day under way), ``reports`` (what was booked, and who pays),
``upkeep`` (background jobs, tidying, examination).
"""
