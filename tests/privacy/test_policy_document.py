"""The text of the policy in parts: stored and read back, and compared in words."""

from privacy.policy_document import Document, Part, Said, Table, differences


def document(*said: str, rows: tuple[tuple[str, ...], ...] = (), title: str = "Keeping") -> Document:
    table = Table("What we keep", ("What", "How long"), rows)
    sentences = tuple(Said(f"P{number}", text) for number, text in enumerate(said))
    return Document((Part("keeping", title, sentences, (table,)),))


NAME, STREET = ("Name", "3 years"), ("Street", "30 days")
FIRST = document("We keep it.", "Ask us.", rows=(NAME, STREET))


def test_a_document_is_read_back_as_it_was_stored() -> None:
    assert Document.read(FIRST.content) == FIRST
    assert Document.read(FIRST.content).digest == FIRST.digest


def test_every_word_and_cell_counts_for_the_digest() -> None:
    others = [
        document("We keep it.", "Ask us!", rows=(NAME, STREET)),
        document("Ask us.", "We keep it.", rows=(NAME, STREET)),
        document("We keep it.", "Ask us.", rows=(NAME,)),
        document("We keep it.", "Ask us.", rows=(NAME, ("Street", "31 days"))),
        document("We keep it.", "Ask us.", rows=(NAME, STREET), title="Storing"),
    ]
    assert len({FIRST.digest, *(other.digest for other in others)}) == 6


def test_the_same_text_differs_in_nothing() -> None:
    assert differences(FIRST, Document.read(FIRST.content)) == []


def test_sentences_that_came_and_went() -> None:
    assert differences(FIRST, document("We keep it.", "Write to us.", rows=(NAME, STREET))) == [
        "Keeping: no longer says “Ask us.”",
        "Keeping: now says “Write to us.”",
    ]


def test_a_changed_cell_is_told_by_its_row_and_its_column() -> None:
    assert differences(FIRST, document("We keep it.", "Ask us.", rows=(("Name", "10 years"), STREET))) == [
        "Keeping: Name: how long was “3 years”, is “10 years”"
    ]


def test_rows_that_came_and_went() -> None:
    assert differences(FIRST, document("We keep it.", "Ask us.", rows=(NAME, ("City", "30 days")))) == [
        "Keeping: new under “What we keep”: City; 30 days",
        "Keeping: no longer under “What we keep”: Street; 30 days",
    ]


def test_rows_of_one_name_are_told_whole() -> None:
    before = document("It.", rows=(("Name", "1 day"), ("Name", "2 days")))
    after = document("It.", rows=(("Name", "3 days"), ("Name", "4 days")))
    assert differences(before, after) == [
        "Keeping: new under “What we keep”: Name; 3 days",
        "Keeping: new under “What we keep”: Name; 4 days",
        "Keeping: no longer under “What we keep”: Name; 1 day",
        "Keeping: no longer under “What we keep”: Name; 2 days",
    ]


def test_the_first_version_is_new_as_a_whole_and_a_section_can_go() -> None:
    assert differences(None, FIRST)[0] == "Keeping: now says “We keep it.”"
    assert len(differences(None, FIRST)) == 4
    assert differences(FIRST, Document(())) == [
        "Keeping: no longer says “We keep it.”",
        "Keeping: no longer says “Ask us.”",
        "Keeping: no longer under “What we keep”: Name; 3 years",
        "Keeping: no longer under “What we keep”: Street; 30 days",
    ]
