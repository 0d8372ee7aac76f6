"""A test for each fault that a payment must outlive; after each, once reconciled, `aftermath` finds nothing wrong."""
