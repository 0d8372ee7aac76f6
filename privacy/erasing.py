"""Erasers of the ground floor's own tables, where their declarations aren't enough, and its steps."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from privacy import clock, mailbox, notices, people, rate_limits, sealed_people
from privacy.erasure import erasers, mentions, outbox, plans, ports, provider_mails, steps  # noqa: F401  (two register themselves)
from privacy.erasure.cases import Case
from privacy.erasure.erasers import Eraser, Judged
from privacy.erasure.looking import Residue
from privacy.erasure.remembering import Remembered
from privacy.erasure.verdicts import DELETED, Deed, Verdict
from privacy.models import Consent, DeletionRequest, Export, RequestSubject, SealedAddress
from privacy.retention_dates import years_after

NOTICE_NEEDS_IT = "answering the request itself"


@erasers.of(Consent)
class Consents(Eraser):
    """A consent ends with the person's account; its proof stays for its period, and names nobody any more."""

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        ends = Consent.objects.filter(pk__in=keys).values_list("pk", "expires_at")
        verdict = replace(self.derived.verdict, how="ended, and kept without a link to you")
        return {key: replace(verdict, until=end or years_after(case.at, 3)) for key, end in ends}

    def carry_out(self, judged: Judged, case: Case) -> int:
        open_ones = Consent.objects.filter(pk__in=list(judged), ended_at__isnull=True)
        open_ones.update(ended_at=clock.now(), end=Consent.End.ACCOUNT)
        return Consent.objects.filter(pk__in=list(judged), user__isnull=False).update(user=None)


@erasers.of(RequestSubject)
class RequestSubjects(Eraser):
    """Who asked: kept while the request is answered. What is left of other requests that are over goes at once."""

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        rows = RequestSubject.objects.filter(pk__in=keys).values_list(
            "pk", "request", "request__closed_at", "request__told_at", "expires_at"
        )
        needed = Verdict(Deed.RESTRICTED, "deleted when you were told", NOTICE_NEEDS_IT, is_whole=True)
        return {
            key: DELETED
            if told_at is not None or (closed_at is not None and request != case.request_id)
            else replace(needed, until=end)
            for key, request, closed_at, told_at, end in rows
        }


@erasers.of(SealedAddress)
class SealedAddresses(Eraser):
    """Nobody can tell whose it is, so nothing of it is found by a person: its key goes when the notice has arrived."""

    def rows(self, case: Case) -> QuerySet[Any]:
        return SealedAddress.objects.none()


def seal(case: Case, _plan: str = "") -> int:
    """Seals whose data it is before any of it goes: the notice, and every look for what is left, needs to know."""
    if case.request_id is not None:
        sealed_people.seal(case.request_id, case.person, plans.restricted(case))
    return 1


def forget_counts(case: Case, _plan: str = "") -> int:
    """Removes from Redis how often the person's accounts and addresses did something."""
    return rate_limits.forget(*case.person.addresses, *(f"account:{user}" for user in case.person.users))


def expunge_mails(case: Case, _plan: str = "") -> int:
    """Removes the person's messages from the support mailbox. Those of the request itself go with its notice; what the
    person wrote after being told is new.
    """
    requests = DeletionRequest.objects.filter(pk=case.request_id) if case.request_id else DeletionRequest.objects.none()
    told = requests.values_list("told_at", flat=True).first()
    return mailbox.expunge_of(case.person.addresses, request_id=case.request_id, until=told)


ports.register(scan=Residue(), journal=Remembered(), notice=notices)
steps.register(steps.LocalStep("seal", 1, seal))
steps.register(steps.LocalStep("cache:limits", 180, forget_counts, is_outside=True))
steps.register(steps.LocalStep("mailbox", 190, expunge_mails, is_outside=True))


@outbox.about("data_export")
def exports(case: Case) -> Iterable[int]:
    """The person's exports."""
    return people.rows_of(Export, case.person).order_by().values_list("pk", flat=True)
