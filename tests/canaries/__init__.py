"""`make canaries`: every guard of the money is taken away in turn, and a test must notice."""
