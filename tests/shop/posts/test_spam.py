"""Signs of spam: each speaks for what it is there for, and is silent about what people write."""

from datetime import timedelta
from typing import Any

import pytest

from privacy import clock
from shop.models import Post
from shop.posts import spam, writers
from shop.posts.spam import Draft
from tests import desk
from tests.shop.posts import people
from tests.shop.posts.people import TEXT

pytestmark = pytest.mark.django_db
HONEST = (
    TEXT,
    "Works in Excel 2019 and 365; version 2.4 is quicker. No complaints, 5 of 5.",
    "Läuft unter Windows 11. Die Prüfung (ca. 3 Sekunden) findet alles, z.B. #REF! und Zirkelbezüge.",
    "Price went from 1,200.50 to 1,350.00 - still fine... For 10 seats, that is.",
    "Family 👨\u200d👩\u200d👧 approved; \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645, Việt Nam as well.",
    "表の数式をすべて追跡してくれます。とても便利です。",
    "if a < b and c > d it says so, <- that is what I need",
)


def signs(
    text: str, *, title: str = "", shown_as: str = "Numbers", kind: str = "review", writer: Any = None
) -> set[str]:
    writer = writer or writers.of_account(people.buyer(people.product()).pk)
    return {signal.name for signal in spam.judge(Draft(title, text, shown_as, kind, writer))}


@pytest.mark.parametrize("text", HONEST)
def test_nothing_speaks_against_what_people_write(text: str) -> None:
    assert signs(text) == set()


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("link", "Better and cheaper tools at https://cheap.example/keys for everybody."),
        ("link", "Search for cheapkeys.shop and you will see what I mean."),
        ("contact", "Write to me at kim.doe+keys@mail.example and I will tell you more."),
        ("contact", "Call +49 (0) 40 1234 5678 for a better offer than this one."),
        ("contact", "Ask me on Telegram for the half of it, it works well."),
        ("markup", "<script>alert(1)</script> It works well for what we need."),
        ("markup", "[url=x]Here[/url] is what you should really read about it."),
        ("repeated", "Greaaaaaaaaat tool, it found each wrong cell in the sheet."),
        ("repeated", "Buy buy buy buy buy buy it, and you will never be sorry."),
        ("capitals", "THIS IS THE VERY BEST TOOL THAT I HAVE EVER SEEN IN MY LIFE"),
        ("short", "Good."),
        ("short", "👍👍👍"),
        ("hidden", "It finds each wr\u200bong cell in the sh\u00adeet."),
        ("hidden", "It finds ea" + "\u0301\u0302\u0303\u0304\u0305" + "ch wrong cell in the sheet."),
    ],
)
def test_a_sign_of_the_words(sign: str, text: str) -> None:
    assert sign in signs(text)
    assert spam.SIGNALS[sign].words.endswith(".")


def test_title_and_name_are_judged_as_well() -> None:
    assert signs(TEXT, title="See www.cheap.example") == {"link"}
    assert signs(TEXT, shown_as="cheapkeys.shop") == {"link"}
    assert signs(TEXT, shown_as="Customer support") == {"office"}


def test_the_same_text_again() -> None:
    people.review(people.product())
    assert signs(TEXT) == {"copy"}
    post = Post.objects.get()
    writer = writers.of_account(people.author(post).user_id or 0)
    assert spam.judge(Draft(post.title, post.text, "Numbers", post.kind, writer, post.pk)) == []


def test_many_posts_within_an_hour() -> None:
    product = people.product()
    user = people.buyer(product)
    for number in range(3):
        people.question(product, user, text=f"Does it read files of version {number}?")
    writer = writers.of_account(user.pk)
    assert signs(TEXT, writer=writer) == {"haste"}
    with clock.at(clock.now() + timedelta(hours=2)):
        assert signs(TEXT, writer=writer) == set()


def test_who_bought_nothing() -> None:
    stranger = writers.of_account(desk.person().pk)
    assert signs("Does it read files of older versions?", kind="question", writer=stranger) == {"unknown"}
    assert signs("Does it read files of older versions?", kind="question") == set()


@pytest.mark.parametrize(("least", "states"), [(0, "PPP"), (1, "pPP"), (3, "ppP"), (99, "ppp")])
def test_from_so_many_points_on_a_person_looks(settings: Any, least: int, states: str) -> None:
    """P waits, p is published: no sign, one of one point, one of three."""
    settings.POST_HOLD_POINTS = least
    texts = (TEXT, "Good.", "See www.cheap.example for more of this kind.")
    found = [people.review(people.product(), text=text).state for text in texts]
    assert "".join("P" if state == Post.State.PENDING else "p" for state in found) == states


def test_signs_are_explained_by_name_and_forgotten_ones_left_out() -> None:
    assert [signal.points for signal in spam.explained(["link", "no-longer-known", "short"])] == [3, 1]
