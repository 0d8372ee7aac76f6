"""A stand-in for PayPal: Orders v2, Payments v2, Disputes v1, Transaction Search v1, signed webhooks."""
