"""The mails of the ground floor, and what they carry."""

from privacy.inventory import Category
from privacy.places import MailKind, declare
from privacy.purposes import DELETION

declare(
    MailKind(
        name="deletion_acknowledgement",
        template="mails/deletion_acknowledgement",
        words="tells who wrote to support about deletion that the mail arrived",
        purpose=DELETION,
        carries=frozenset({Category.EMAIL}),
    ),
    MailKind(
        name="deletion_notice",
        template="mails/deletion_notice",
        words="tells a person what of their data was deleted, and what has to be kept",
        purpose=DELETION,
        carries=frozenset({Category.EMAIL}),
    ),
    MailKind(
        name="deletion_proof",
        template="mails/deletion_proof",
        words="asks an address whether its data is to be deleted, with a link that works once",
        purpose=DELETION,
        carries=frozenset({Category.EMAIL, Category.CREDENTIAL}),
    ),
    MailKind(
        name="deletion_extended",
        template="mails/deletion_answer",
        words="says that the answer to a request for deletion takes longer, until when and why",
        purpose=DELETION,
        carries=frozenset({Category.EMAIL, Category.FREE_TEXT}),
    ),
    MailKind(
        name="deletion_refused",
        template="mails/deletion_answer",
        words="says that a request for deletion isn’t followed, why, and where to complain",
        purpose=DELETION,
        carries=frozenset({Category.EMAIL, Category.FREE_TEXT}),
    ),
)
