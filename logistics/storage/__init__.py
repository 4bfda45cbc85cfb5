"""What outlives a process: tables, migrations and queries, on SQLite or PostgreSQL."""
