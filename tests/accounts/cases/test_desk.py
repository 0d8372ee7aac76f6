"""Cases at the desk: the queue, one case, every deed, and that Support sees orders and customers through them alone."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import cases, roles
from accounts.cases import attachments
from accounts.models import CannedAnswer, Case
from privacy import clock
from privacy.models import Look
from tests import desk
from tests.accounts.cases import asking
from tests.accounts.cases.asking import EMAIL, Till

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b", "P9a", "P9b", "P9c")]
QUEUE = reverse("admin:accounts_case_changelist")


def page_of(case: Case) -> str:
    return reverse("admin:accounts_case_change", args=[case.pk])


def deed(name: str, case: Case) -> str:
    return reverse(f"admin:accounts_case_{name}", args=[case.pk])


def numbers(client: Client, query: str = "") -> list[str]:
    """The cases of the queue, in their order."""
    return [row.number for row in client.get(QUEUE + query).context["cl"].result_list]


def full() -> Case:
    """A complaint with a file."""
    file = attachments.check([SimpleUploadedFile("a.txt", b"Log.")])
    return asking.ask(asking.sold(2), "complaint", "It fails.", files=file)


@pytest.fixture
def support() -> Client:
    return desk.at_desk(roles.SUPPORT)


def test_the_queue_begins_with_what_is_due_first_and_masks_its_people(support: Client, till: Till) -> None:
    question, refund = asking.ask(None, "question"), asking.ask(asking.sold())
    withdrawn = asking.withdraw(asking.sold())
    cases.ask(cases.Request(kind="question", email="eve@example.com", text="Hi"))
    assert numbers(support) == [question.number, refund.number]
    assert set(numbers(support, "?part=waits")) == {withdrawn.number, f"C-{withdrawn.pk + 1:06d}"}
    shown = support.get(QUEUE).content.decode()
    assert EMAIL not in shown
    assert "2 cases need you" in shown
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        assert numbers(support, "?part=late") == [question.number]


def test_a_case_shows_its_order_and_person_to_support_and_each_look_is_on_record_with_the_case(support: Client) -> None:
    case = full()
    shown = support.get(page_of(case)).content.decode()
    for words in (EMAIL, "Ada Lovelace", case.order.number, "€238.00", "It fails.", "sealed", "a.txt"):
        assert words in shown
    looks = set(Look.objects.values_list("kind", "role", "purpose"))
    purpose = f"Case {case.number}"
    assert looks == {("case", roles.SUPPORT, purpose), ("order", roles.SUPPORT, purpose)}


def test_support_sees_an_order_and_a_customer_through_a_case_alone(support: Client) -> None:
    case = full()
    for name, pk in (("shop_order", case.order_id), ("accounts_user", desk.person().pk)):
        for address in (
            reverse(f"admin:{name}_changelist"),
            reverse(f"admin:{name}_change", args=[pk]),
        ):
            assert support.get(address).status_code == 403
    assert "Open the order" not in support.get(page_of(case)).content.decode()
    assert "Open the order" in desk.at_desk(roles.SHOP_MANAGER).get(page_of(case)).content.decode()


@pytest.mark.parametrize("reader", ["", "Editor"])
def test_nobody_else_sees_any(reader: str) -> None:
    case = full()
    person = desk.person()
    person.is_staff = bool(reader)
    person.save()
    client = desk.enter(person)
    addresses = [QUEUE, page_of(case), deed("answer", case), reverse("admin:accounts_case_file", args=[case.pk, 1])]
    assert {client.get(address).status_code for address in addresses} <= {302, 403}
    assert not Look.objects.exists()


def test_support_answers_with_a_canned_answer(support: Client) -> None:
    case = full()
    canned = CannedAnswer.objects.create(title="Version", text="Hello {name}, which version of {order} is it?")
    shown = support.get(deed("answer", case)).content.decode()
    assert f"?canned={canned.pk}" in shown
    text = support.get(f"{deed('answer', case)}?canned={canned.pk}").context["form"].initial["text"]
    assert text == f"Hello Ada Lovelace, which version of {case.order.number} is it?"
    support.post(deed("answer", case), {"text": text, "outcome": ""})
    case.refresh_from_db()
    assert (case.state, case.party.messages.last().text) == ("waiting", text)


def test_of_two_who_answer_at_once_the_second_reads_the_first_before(support: Client) -> None:
    case = full()
    seen = support.get(deed("answer", case)).context["form"].initial["seen"]
    for text in ("Which version?", "It is mended."):
        answer = support.post(deed("answer", case), {"text": text, "outcome": "", "seen": seen})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f"Somebody wrote in {case.number} meanwhile." in shown
    assert "It is mended." in shown
    assert case.party.messages.filter(sort="shop").count() == 1
    cases.note(case.pk, "A note is in nobody’s way.", by=None)
    support.post(
        deed("answer", case), {"text": "It is mended.", "outcome": "", "seen": answer.context["form"]["seen"].value()}
    )
    assert case.party.messages.filter(sort="shop").count() == 2


def test_each_deed_does_what_its_button_says(support: Client) -> None:
    case, clerk = full(), desk.person(roles.SUPPORT)
    support.post(deed("take", case))
    support.post(deed("note", case), {"text": "Call back."})
    case.refresh_from_db()
    assert case.assigned_to is not None
    support.post(deed("assign", case), {"to": clerk.pk})
    case.refresh_from_db()
    assert case.assigned_to == clerk
    support.post(deed("close", case), {"outcome": "refused"})
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "refused")
    assert numbers(support, "?part=closed") == [case.number]
    support.post(deed("reopen", case))
    case.refresh_from_db()
    assert (case.state, case.party.messages.filter(sort="note").count()) == ("received", 1)


def test_money_is_given_back_by_whoever_gives_money_back_and_support_passes_it_on(support: Client, till: Till) -> None:
    case = asking.ask(asking.sold(2))
    line = case.order.lines.get().pk
    assert "Give money back" not in support.get(page_of(case)).content.decode()
    assert support.post(deed("refund", case), {"lines": [line]}).status_code == 403
    manager = desk.at_desk(roles.SHOP_MANAGER)
    assert "Give money back" in manager.get(page_of(case)).content.decode()
    assert manager.post(deed("refund", case), {"lines": [987654]}).status_code == 200
    assert till.asked == []
    manager.post(deed("refund", case), {"lines": [line]})
    case.refresh_from_db()
    assert (case.state, len(till.asked)) == ("refunding", 1)


def test_what_can_t_be_done_now_says_so(support: Client) -> None:
    case = full()
    cases.close(case.pk, by=None, outcome="answered")
    answer = support.post(deed("answer", case), {"text": "Late."}, follow=True)
    assert "that can’t be done now" in answer.content.decode()
    assert case.party.messages.count() == 1


def test_a_file_is_saved_and_never_shown_in_our_name(support: Client) -> None:
    case = full()
    file = case.party.messages.get().attachments.get()
    answer = support.get(reverse("admin:accounts_case_file", args=[case.pk, file.pk]))
    assert b"".join(answer.streaming_content) == b"Log."
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "text/plain")
    assert "sandbox" in answer["Content-Security-Policy"]
    other = asking.ask(None, "question")
    assert support.get(reverse("admin:accounts_case_file", args=[other.pk, file.pk])).status_code == 404


def test_a_search_asks_why_and_finds_by_number_address_and_order(support: Client) -> None:
    case = full()
    asking.ask(None, "question")
    for term in (case.number, EMAIL.upper(), case.order.number):
        found = support.get(desk.search(support, QUEUE, term)).context["cl"].result_list
        assert case.number in [row.number for row in found]
    assert Look.objects.filter(kind="search").count() == 3


def test_a_canned_answer_with_code_in_it_is_refused() -> None:
    manager = desk.at_desk(roles.SHOP_MANAGER)
    add = reverse("admin:accounts_cannedanswer_add")
    for text in ("Hi {user.password}", "{{ settings.SECRET_KEY }}", "{% load x %}"):
        shown = manager.post(add, {"title": "Bad", "text": text}).content.decode()
        assert "stands for nothing. These do: {name}, {number}, {order}." in shown
    manager.post(add, {"title": "Good", "text": "Hi {name}, about {order} ({number})."})
    assert CannedAnswer.objects.get().title == "Good"


def test_a_case_has_as_many_queries_whatever_it_has(
    support: Client, django_assert_max_num_queries: object, till: Till
) -> None:
    case = full()
    support.get(page_of(case))
    for number in range(5):
        cases.add(case.pk, f"More {number}", way="page", files=attachments.check([SimpleUploadedFile("b.txt", b"b")]))
        cases.note(case.pk, "Note.", by=desk.person(roles.SUPPORT))
    with django_assert_max_num_queries(31):  # type: ignore[operator]
        support.get(page_of(case))
