"""Requests of customers (P6b): refunds, complaints, withdrawals, questions. Every change of a case is a verb here.

Each verb locks the row (the order's before it, where money moves), reads it again, acts, and writes what happened into
the case's story, in one transaction; what is done already is no error. What can't be done raises `CannotDo`, with a
sentence for whoever asked.
"""

from accounts.cases.actions import register_refunds as register_refunds
from accounts.cases.endings import close as close
from accounts.cases.endings import refund_ended as refund_ended
from accounts.cases.endings import reopen_by as reopen_by
from accounts.cases.locked import CannotDo as CannotDo
from accounts.cases.messages import Overtaken as Overtaken
from accounts.cases.messages import TooMuch as TooMuch
from accounts.cases.messages import add as add
from accounts.cases.messages import answer as answer
from accounts.cases.messages import assign as assign
from accounts.cases.messages import last_said as last_said
from accounts.cases.messages import note as note
from accounts.cases.receiving import Request as Request
from accounts.cases.receiving import ask as ask
from accounts.cases.receiving import close_unproven as close_unproven
from accounts.cases.receiving import hand_over_unproven as hand_over_unproven
from accounts.cases.receiving import prove as prove
from accounts.cases.receiving import receive as receive
from accounts.cases.settling import refund as refund
