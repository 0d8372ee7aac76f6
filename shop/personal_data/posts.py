"""What people write about products, and who wrote it (P8)."""

from privacy import inventory
from privacy.inventory import (
    Category,
    Erasure,
    Keep,
    NotPersonal,
    Personal,
    PersonalData,
    Source,
    Subject,
    UntilErased,
    Years,
)
from privacy.purposes import CUSTOMER_AND_STAFF, CUSTOMER_ONLY, EVERYBODY, POSTS, WISHES, staff_link
from shop.models import InvitationRefusal, Post, PostAuthor, PostReport, ReviewInvitation

ABOUT = "what you wrote about a product"
UNTIL_REMOVED = UntilErased(
    "you remove it, close the account, or ask for deletion: then it goes, or stays without your name, as you chose"
)
#: A guest's address serves to change what was written; for that it is kept as long as an order's.
GUEST = Years("ORDER_RETENTION_YEARS", since="written_at", at="email_expires_at")


def _written(
    category: Category,
    *,
    erasure: Erasure = Erasure.CLEAR,
    keep: Keep = UNTIL_REMOVED,
    is_text: bool = False,
    is_link: bool = False,
) -> Personal:
    """What everybody reads, or, with `is_link`, what only the author and the desk know."""
    return Personal(
        category=category,
        purpose=POSTS,
        source=Source.POST,
        readers=CUSTOMER_AND_STAFF if is_link else EVERYBODY,
        keep=keep,
        erasure=erasure,
        export=True,
        scrub=inventory.scrub_text if is_text else None,
    )


@inventory.register(Post)
class PostData(PersonalData):
    about = ABOUT
    subject = Subject(email="author__email", user="author__user")
    title = _written(Category.FREE_TEXT, is_text=True)
    text = _written(Category.FREE_TEXT, is_text=True)
    stars = _written(Category.PREFERENCE)
    decided_by = staff_link(UntilErased("the post is removed, or the staff member’s account is erased"))
    facts = NotPersonal(
        "about which product, when, what was decided and which signs of spam there were, by name",
        "id product parent kind state by_shop signals points written_at edited_at published_at reported_at decided_at "
        "reason",
    )


@inventory.register(PostAuthor)
class PostAuthorData(PersonalData):
    about = ABOUT
    subject = Subject(email="email", user="user")
    user = _written(Category.PREFERENCE, erasure=Erasure.DELETE_ROW, is_link=True)
    email = _written(Category.EMAIL, erasure=Erasure.DELETE_ROW, keep=GUEST, is_link=True)
    shown_as = _written(Category.NAME, erasure=Erasure.DELETE_ROW)
    wish = _written(Category.PREFERENCE, erasure=Erasure.DELETE_ROW, is_link=True)
    facts = NotPersonal("of which post, when", "id post product is_review written_at email_expires_at")


@inventory.register(PostReport)
class PostReportData(PersonalData):
    facts = NotPersonal(
        "that a post was reported, for which reason, how often; not by whom", "id post reason times first_at handled_at"
    )


@inventory.register(ReviewInvitation)
class ReviewInvitationData(PersonalData):
    facts = NotPersonal("that the buyer of an order was asked for a review", "id order made_at")


@inventory.register(InvitationRefusal)
class InvitationRefusalData(PersonalData):
    about = "your wishes about mails"
    subject = Subject(email="email")
    email = Personal(
        category=Category.EMAIL,
        purpose=WISHES,
        source=Source.SHOP,
        readers=CUSTOMER_ONLY,
        keep=UntilErased("you ask for deletion"),
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=None,
    )
    facts = NotPersonal("since when", "id refused_at")


inventory.name_moments({"shop.PostAuthor.written_at": "you wrote it"})
