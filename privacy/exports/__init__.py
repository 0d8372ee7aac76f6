"""Exports: everything that is kept about a person, as a file for that person (GDPR Art. 15 and 20).

What is in it follows from the inventory: of each model with a `subject`, the person's rows with the columns that are
declared with `export=True`. Apps add words, and what else belongs to a row, in their modules `exports`, which are found
when the apps are loaded (`presenters`), and say which addresses an account has confirmed (`people`).

`requests` holds the verbs: ask, make, find. `archive` writes the file, `holdings` counts the same rows for a page.
"""

from privacy.exports import own as own
