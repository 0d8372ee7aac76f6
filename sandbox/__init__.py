"""Stand-ins for Stripe and PayPal while the shop is tried out and tested; no money moves. See README.md."""
