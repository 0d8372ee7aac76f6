"""The launcher behind `make run`, `make test` and `make setup`: it starts, watches and stops what the shop needs on a
developer's machine. Never used in production, and it imports no app of the shop."""
