"""The use cases of a day, one function each: what the command line and the API call."""
