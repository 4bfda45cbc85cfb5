"""What circulation systems say in their own formats, turned into transfers with their own codes.

Branch codes stay those of the source: whoever stores a transfer maps them through the one table of
codes, and parks a record whose code nobody knows.
"""
