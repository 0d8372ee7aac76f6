"""Requests for deletion (P12): every change of a request's state is a verb here.

Each verb locks the row, reads it again, acts, and writes what happened into the request's story, in one transaction;
where the request already is where it should be, it returns without an error. What can't be done raises `CannotDo`, with
a sentence for staff.
"""

from privacy.deletion_requests.answers import record_unclear as record_unclear
from privacy.deletion_requests.answers import withdraw_by_answer as withdraw_by_answer
from privacy.deletion_requests.approval import approve as approve
from privacy.deletion_requests.approval import keep_plan as keep_plan
from privacy.deletion_requests.approval import mark_outdated as mark_outdated
from privacy.deletion_requests.approval import take_back as take_back
from privacy.deletion_requests.deadlines import extend as extend
from privacy.deletion_requests.endings import mark_duplicate as mark_duplicate
from privacy.deletion_requests.endings import refuse as refuse
from privacy.deletion_requests.endings import withdraw as withdraw
from privacy.deletion_requests.locked import CannotDo as CannotDo
from privacy.deletion_requests.proofs import InvalidToken as InvalidToken
from privacy.deletion_requests.proofs import close_unverified as close_unverified
from privacy.deletion_requests.proofs import find as find
from privacy.deletion_requests.proofs import of_mail as of_mail
from privacy.deletion_requests.proofs import prove as prove
from privacy.deletion_requests.proofs import record_bounce as record_bounce
from privacy.deletion_requests.proofs import token as token
from privacy.deletion_requests.proofs import vouch as vouch
from privacy.deletion_requests.receiving import receive as receive
from privacy.deletion_requests.subjects import open_of as open_of
from privacy.deletion_requests.subjects import person_of as person_of
from privacy.deletion_requests.triage import add_address as add_address
from privacy.deletion_requests.triage import ask_for_proof as ask_for_proof
from privacy.deletion_requests.triage import triage as triage
