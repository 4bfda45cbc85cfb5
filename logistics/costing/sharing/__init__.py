"""Who pays what: Shapley value, nucleolus and the keys in use, each summing to the öre."""
