"""Journeys through the whole shop, started as a stranger starts it, in a real browser."""
