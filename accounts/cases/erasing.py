"""What a deletion does with cases: an open claim is answered first, then its person goes with every word."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from accounts.cases import mails as case_mails
from accounts.models import Case, CaseMessage, CaseParty
from privacy.erasure import erasers, outbox
from privacy.erasure.cases import Case as Deletion
from privacy.erasure.erasers import Eraser, Judged
from privacy.erasure.verdicts import DELETED, Deed, Verdict
from privacy.people import rows_of
from shop import unsettled

OPEN_CLAIM = Verdict(
    Deed.RESTRICTED, "kept as it is, and deleted then", "your request is open and waits for our answer", is_whole=True
)


@erasers.of(CaseParty)
class CaseParties(Eraser):
    """Who asked, with all that was written. While a claim is open it stays whole: it is needed to answer it."""

    position = 60

    def judge(self, keys: Sequence[Any], case: Deletion) -> Judged:
        open_claims = CaseParty.objects.filter(
            pk__in=keys, case__kind__in=Case.CLAIMS, case__closed_at__isnull=True
        ).exclude(case__state=Case.State.UNPROVEN)
        kept = set(open_claims.values_list("pk", flat=True))
        return {key: OPEN_CLAIM if key in kept else DELETED for key in keys}

    def carry_out(self, judged: Judged, case: Deletion) -> int:
        count = super().carry_out(judged, case)
        whole = [key for key, verdict in judged.items() if verdict.is_whole]
        CaseParty.objects.filter(pk__in=whole, user__isnull=False).update(user=None)
        return count


@unsettled.register
def _of_claims(order_ids: Sequence[int]) -> Mapping[int, str]:
    claims = Case.objects.filter(order__in=order_ids, kind__in=Case.CLAIMS, closed_at__isnull=True)
    proven = claims.exclude(state=Case.State.UNPROVEN).values_list("order", flat=True)
    return {order_id: "a request about it is open" for order_id in proven if order_id is not None}


@outbox.about(*case_mails.KINDS)
def cases(case: Deletion) -> Iterable[int]:
    """The person's cases, but for open claims, whose answer still goes out."""
    return _parties_to_drop(case).values_list("case", flat=True)


@outbox.about("case_answer")
def case_answers(case: Deletion) -> Iterable[int]:
    """What we wrote in these cases."""
    parties = _parties_to_drop(case).values("pk")
    return CaseMessage.objects.filter(party__in=parties).values_list("pk", flat=True)


def _parties_to_drop(case: Deletion) -> QuerySet[CaseParty]:
    is_open_claim = Q(case__kind__in=Case.CLAIMS, case__closed_at__isnull=True)
    return rows_of(CaseParty, case.person).order_by().exclude(is_open_claim)
