"""`make chaos`: thousands of checkouts whose processes are killed, and the books afterwards."""
