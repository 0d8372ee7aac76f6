"""A stand-in for Stripe: hosted Checkout, payment intents, charges, refunds, disputes, events."""
