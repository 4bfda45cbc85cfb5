"""The domain of a library courier: where, what, how, for how much. Knows no HTTP and no HTML."""
