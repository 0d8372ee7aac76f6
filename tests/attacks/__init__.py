"""A test for each attack that the shop must withstand, generated from the list of addresses where it is about those."""
