"""How: the day problem and its solution, with proof. Stands alone in the house."""
