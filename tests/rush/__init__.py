"""`make rush`: many buyers at once, through HTTP, for the last keys of an edition."""
