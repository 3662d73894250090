"""SQLite: connections, opening and migrating the file, its full-text table, and what lies beside the file."""
