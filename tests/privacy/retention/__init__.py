"""The sweep against a real database: what goes, what stays, and who wins."""
