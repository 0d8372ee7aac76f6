"""Pages of the account and of license keys."""
