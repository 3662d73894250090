"""PostgreSQL: connections, opening and migrating the database, and its full-text table."""
