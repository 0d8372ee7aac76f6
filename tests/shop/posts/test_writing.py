"""What authors do: one review a product, by buyers only; changes, limits, and words that their author leaves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import closing, unused
from privacy import clock
from privacy import page_version as versions
from shop.models import OrderUnit, Post, PostAuthor
from shop.posts import moderation, writers, writing
from shop.posts.writing import CannotWrite, TooMany
from tests import desk
from tests.accounts import purchases
from tests.shop.posts import people
from tests.shop.posts.people import TEXT

State, Wish = Post.State, PostAuthor.Wish


@pytest.mark.django_db
class TestReviews:
    @pytest.mark.promise("P8")
    def test_a_buyer_s_review_is_published_at_once(self) -> None:
        product = people.product()
        post = people.review(product, shown_as="Numbers")
        assert people.shown(post) == (State.PUBLISHED, "It finds the cell", TEXT)
        assert (post.stars, post.signals, post.points) == (4, [], 0)
        assert (people.author(post).shown_as, people.author(post).wish) == ("Numbers", Wish.ERASE)

    def test_who_has_not_bought_it_has_no_review(self) -> None:
        product, other = people.product(), people.product()
        user = people.buyer(other)
        with pytest.raises(CannotWrite, match="Only who bought it"):
            people.review(product, user)
        purchases.order((people.edition_of(product), 1), user=user, email=user.email)  # not paid
        with pytest.raises(CannotWrite, match="Only who bought it"):
            people.review(product, user)
        assert not Post.objects.exists()

    def test_what_waits_for_its_key_or_was_given_back_has_no_review(self) -> None:
        waiting, user = purchases.edition(pool=0).product, desk.person()
        purchases.paid((people.edition_of(waiting), 1), user=user, email=user.email)
        with pytest.raises(CannotWrite):
            people.review(waiting, user)
        product = people.product()
        user = people.buyer(product)
        OrderUnit.objects.filter(line__edition__product=product).update(state="refunded")
        with pytest.raises(CannotWrite):
            people.review(product, user)

    def test_a_second_review_changes_the_first(self) -> None:
        product = people.product()
        user = people.buyer(product)
        first = people.review(product, user)
        second = people.review(product, user, text="After a month: still good, and quicker than before.", stars=5)
        assert (second.pk, Post.objects.count()) == (first.pk, 1)
        assert people.shown(first)[2] == "After a month: still good, and quicker than before."
        assert Post.objects.get().edited_at is not None

    def test_a_guest_reviews_by_the_order_and_changes_it_by_another_of_the_same_address(self) -> None:
        product = people.product()
        order, later = people.guest(product), people.guest(product, email="ADA@example.com")
        writer = writers.of_order(order)
        assert writer is not None
        assert writer.is_guest
        post = writing.leave_review(writer, product, people.words())
        assert (people.author(post).email, people.author(post).user) == ("ada@example.com", None)
        again = writers.of_order(later)
        assert again == writer
        assert writing.leave_review(again, product, people.words(stars=1)).pk == post.pk

    def test_a_guest_who_makes_an_account_finds_the_review_there(self) -> None:
        product = people.product()
        order = people.guest(product)
        guest = writers.of_order(order)
        assert guest is not None
        post = writing.leave_review(guest, product, people.words())
        user = desk.person()
        user.emailaddress_set.create(email="ada@example.com", verified=True)
        writer = writers.of_account(user.pk)
        assert list(writers.written_by(writer).values_list("post", flat=True)) == [post.pk]

    def test_the_order_of_nobody_has_no_writer(self) -> None:
        order = people.guest(people.product())
        order.party.restricted_at = clock.now()
        assert writers.of_order(order) is None
        order.party.delete()
        order.refresh_from_db()
        assert writers.of_order(type(order).objects.get(pk=order.pk)) is None

    def test_the_database_refuses_a_second_review_of_one_person(self) -> None:
        product = people.product()
        user = people.buyer(product)
        first = people.author(people.review(product, user))
        other = people.review(product)
        PostAuthor.objects.filter(post=other).delete()
        with pytest.raises(IntegrityError, match="postauthor_one_review_an_account"), transaction.atomic():
            PostAuthor.objects.create(post=other, product=product, is_review=True, user=user, shown_as="Again")
        PostAuthor.objects.filter(pk=first.pk).update(user=None, email="ada@example.com")
        with pytest.raises(IntegrityError, match="postauthor_one_review_an_address"), transaction.atomic():
            PostAuthor.objects.create(
                post=other, product=product, is_review=True, email="ADA@example.com", shown_as="A"
            )


@pytest.mark.django_db
class TestQuestionsAndComments:
    def test_an_account_asks_and_others_answer(self) -> None:
        asked = people.question(people.product())
        said = people.comment(asked)
        assert (asked.state, said.state) == (State.PUBLISHED, State.PUBLISHED)
        assert (said.parent_id, said.product_id, said.stars) == (asked.pk, asked.product_id, None)

    def test_nothing_is_written_under_what_is_not_shown(self) -> None:
        review = people.review(people.product(), text="Look at www.example.com for more of this kind.")
        said = people.comment(people.question(people.product()))
        for post in (review, said):
            with pytest.raises(CannotWrite, match="isn’t shown any more"):
                people.comment(post)
        with pytest.raises(CannotWrite):
            writing.comment(writers.of_account(desk.person().pk), 987_654, people.words())


@pytest.mark.django_db
class TestChanges:
    def test_new_words_with_signs_of_spam_wait_for_a_person(self) -> None:
        post = people.review(people.product())
        author = people.author(post)
        writing.change(author.pk, people.words("Better: see www.example.com, half the price there."))
        assert people.shown(post)[0] == State.PENDING
        writing.change(author.pk, people.words())
        assert people.shown(post)[0] == State.PENDING  # a person looks, whatever it says now

    def test_new_words_without_signs_stay_published(self) -> None:
        post = people.review(people.product())
        writing.change(people.author(post).pk, people.words("It still finds each wrong cell.", shown_as="Cells"))
        assert people.shown(post) == (State.PUBLISHED, "It finds the cell", "It still finds each wrong cell.")
        assert people.author(post).shown_as == "Cells"

    @pytest.mark.parametrize("was", [State.PENDING, State.PUBLISHED])
    def test_refused_words_wait_again_once_they_are_changed(self, was: str) -> None:
        post = people.review(people.product())
        if was == State.PENDING:
            writing.change(people.author(post).pk, people.words("See www.example.com for more of this kind."))
        moderation.refuse(post.pk, by=desk.person("Shop Manager"), reason="advertising")
        refused = people.shown(post)[0]
        same = Post.objects.get()
        writing.change(people.author(post).pk, people.words(same.text))
        assert people.shown(post)[0] == refused
        writing.change(people.author(post).pk, people.words("It finds each wrong cell, and quickly."))
        assert people.shown(post)[0] == State.PENDING

    def test_what_is_gone_can_not_be_changed(self) -> None:
        post = people.review(people.product())
        author = people.author(post)
        writing.remove(author.pk)
        writing.remove(author.pk)
        with pytest.raises(CannotWrite, match="removed meanwhile"):
            writing.change(author.pk, people.words())


@pytest.mark.django_db
class TestLimits:
    def test_a_person_writes_three_posts_a_minute_and_twenty_a_day(self) -> None:
        """Counted on rows: an empty Redis lifts nothing."""
        product, user = people.product(), desk.person()
        for _ in range(3):
            people.question(product, user)
        with pytest.raises(TooMany):
            people.question(product, user)
        for number in range(3, 20):
            with clock.at(clock.now() + timedelta(minutes=2 * number)):
                people.question(product, user)
        with clock.at(clock.now() + timedelta(hours=5)), pytest.raises(TooMany):
            people.question(product, user)
        with clock.at(clock.now() + timedelta(days=2)):
            people.question(product, user)
        assert Post.objects.count() == 21

    @pytest.mark.parametrize("kind", ["question", "review"])
    @pytest.mark.django_db(transaction=True)
    def test_ten_in_a_second(self, kind: str) -> None:
        product = people.product()
        user = people.buyer(product)

        def write(number: int) -> str:
            try:
                with clock.at(clock.now()):
                    if kind == "review":
                        people.review(product, user, text=f"It finds each wrong cell, number {number}.")
                    else:
                        people.question(product, user, text=f"Does it read files of version {number}?")
            except TooMany:
                return "refused"
            finally:
                connection.close()
            return "written"

        with ThreadPoolExecutor(5) as threads:
            found = list(threads.map(write, range(10)))
        assert (found.count("written"), Post.objects.count()) == ((10, 1) if kind == "review" else (3, 3))


@pytest.mark.django_db
class TestWithoutAnAuthor:
    @pytest.mark.promise("P8")
    @pytest.mark.parametrize("end", ["remove", "close", "unused", "raw"])
    @pytest.mark.parametrize("wish", Wish)
    def test_the_wish_decides_whoever_deletes_the_author(self, wish: str, end: str) -> None:
        product = people.product()
        user = people.buyer(product)
        post = people.review(product, user)
        people.comment(post)
        writing.choose(people.author(post).pk, wish)
        if end == "remove":
            writing.remove(people.author(post).pk)
        elif end == "close":
            closing.close(user.pk)
        elif end == "unused":
            with transaction.atomic():
                unused.erase([user.pk])
        else:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM shop_postauthor WHERE post_id = %s", [post.pk])
        assert not PostAuthor.objects.filter(post=post).exists()
        gone = wish == Wish.ERASE or end == "remove"  # who removes it, wants it removed
        kept = (State.PUBLISHED, "It finds the cell", TEXT)
        assert people.shown(post) == ((State.REMOVED, "", "") if gone else kept)

    def test_an_empty_row_stays_for_comments_of_others_only(self) -> None:
        product = people.product()
        alone, commented = people.review(product), people.review(product, text=f"{TEXT} Twice.")
        said = people.comment(commented)
        for post in (alone, commented):
            writing.remove(people.author(post).pk)
        assert set(Post.objects.values_list("pk", flat=True)) == {commented.pk, said.pk}
        assert people.shown(said)[0] == State.PUBLISHED
        writing.remove(people.author(said).pk)
        assert not Post.objects.exists()

    def test_kept_pages_are_made_anew(self, django_capture_on_commit_callbacks: object) -> None:
        product = people.product()
        user = people.buyer(product)
        people.review(product, user)
        before = versions.current()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            user.delete()
        assert versions.current() != before

    def test_the_address_of_a_guest_goes_after_the_period_of_an_order(self) -> None:
        product = people.product()
        writer = writers.of_order(people.guest(product))
        assert writer is not None
        post = writing.leave_review(writer, product, people.words())
        author = people.author(post)
        assert author.email_expires_at is not None
        assert timedelta(days=3 * 365) <= author.email_expires_at - author.written_at <= timedelta(days=3 * 365 + 1)
        by_account = people.author(people.review(product, text=f"{TEXT} Twice."))
        assert by_account.email_expires_at is None
        assert OrderUnit.objects.exists()
