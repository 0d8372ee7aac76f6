"""What `manage.py check` finds of personal data: undeclared, wrongly said, not published.

E001 to E005  columns of models                        manage.py check
E006 to E009  mails, folders, cookies                  manage.py check
E010          columns that only the database knows     manage.py check --database default
E011          the policy isn't published               manage.py check --deploy --database default
E020 and on   periods that nothing ends                privacy/retention/checks.py
"""

from privacy.checks import catalog, columns, places, policy  # noqa: F401  (each registers itself)
