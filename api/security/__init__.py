"""Who is asking, what they may do, and how that is proved."""
