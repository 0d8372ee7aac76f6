"""Fraud review: named signs, each with its points and a sentence, and what follows from their sum (P6c).

`before_payment` runs when a payment begins, which writes the `hashes` down; `after_capture` when its money has
arrived. The first can only refuse, and does so only where the settings say so and the published policy says it too; the
second can only let an order wait for a person. docs/fraud.md tells managers how to run it.
"""

from payments.fraud.facts import hashes as hashes
from payments.fraud.review import after_capture as after_capture
from payments.fraud.review import before_payment as before_payment
from payments.fraud.review import refuses_alone as refuses_alone
