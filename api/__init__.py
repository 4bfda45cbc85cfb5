"""The service: HTTP before the operations; nothing is decided here that belongs to the domain."""
