"""Questions to the database that only the service asks: lists in pages, and who may see them."""
