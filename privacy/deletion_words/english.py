"""English."""

WORDS = {
    "proof": {
        "subject": "Please confirm the deletion of your data ({number})",
        "title": "Please confirm that your data is to be deleted.",
        "asked": (
            "A mail to {store} asks us to delete the personal data that belongs to this address. Anybody can write "
            "such a mail, so we do nothing before you confirm it."
        ),
        "how": "Open this page and confirm there. The link works once, until {until}.",
        "deed": "Confirm the deletion",
        "reply": "Or answer this mail with the word “Yes”.",
        "not_you": (
            "If you don’t want this, do nothing. After that day the request is closed, and everything stays as it is."
        ),
        "same": (
            "We write this mail to every address that such a request names, whether or not we keep anything about it."
        ),
    },
    "acknowledgement": {
        "subject": "We have your mail about the deletion of data ({number})",
        "title": "We have your mail.",
        "received": "We read it as a request to delete personal data, and gave it the number {number}.",
        "next": (
            "Before we delete anything, the address whose data it is about confirms it: we write to that address "
            "separately, and to no other."
        ),
        "until": "You get our answer by {until} at the latest. When all is done, the person is told.",
    },
    "page": {
        "title": "Confirm the deletion of your data",
        "lede": "With the button you confirm that the personal data of your address at {store} is to be deleted.",
        "next": (
            "Our support team then looks through everything, deletes what need not be kept, and writes to you what "
            "was deleted, what has to stay, and until when. Running licenses may end with it. Until the deletion "
            "begins you can take it back by an answer to our mail."
        ),
        "deed": "Yes, delete my data",
        "done_title": "You confirmed it",
        "done": "Our support team takes over from here. You get a mail when your data is deleted, and not before.",
        "over_title": "This link doesn’t work",
        "over": (
            "It was used already, is too old, or was cut off. Write to {support} and ask for deletion again: you get "
            "a new link."
        ),
    },
    "notice": {
        "subject": "Your data is deleted ({number})",
        "title": "Your data is deleted.",
        "done": (
            "You asked {store} to delete your personal data. That is done. We then looked through everything that we "
            "store, and found nothing of you but what this mail names."
        ),
        "erased": "We deleted, or no longer link to you:",
        "kept": "This we have to keep:",
        "kept_how": "It is locked meanwhile: we use it for these reasons only, and it is deleted by itself afterwards.",
        "nothing_kept": "We keep nothing.",
        "told": "Companies that work for us had data of you too:",
        "forgotten": (
            "Your mails to us about this are deleted as well. We keep the address of this mail, encrypted, for three "
            "days, in case it comes back; then we no longer know it."
        ),
        "complain": "If you think that something is wrong, answer this mail, or complain to {authority}.",
    },
    "notice_authority": {
        "any": (
            "a data protection authority, such as that of your country: https://www.edpb.europa.eu/about-edpb/"
            "about-edpb/members_en"
        ),
    },
    "notice_groups": {
        "account": "your account with its addresses",
        "sign_in": "your sign-ins and second factors",
        "cart": "your cart",
        "orders": "who you are in your orders",
        "notes": "notes about your orders",
        "payments": "what leads from your payments to you",
        "licenses": "the link from licenses to you",
        "consents": "proof of your consents",
        "copies": "copies of your data",
        "other": "other records about you",
    },
    "notice_grounds": {
        "law": "tax law asks for it (Art. 6(1)(c) GDPR)",
        "interest": "we may have to prove it (Art. 6(1)(f) GDPR)",
        "contract": "a contract with you still needs it (Art. 6(1)(b) GDPR)",
        "hold": "a legal dispute or an authority needs it (Art. 17(3) GDPR)",
        "under_way": "a payment, refund or dispute is under way",
    },
    "notice_kept": {"until": "{what}, until {until}: {why}", "open": "{what}, until that has ended: {why}"},
    "notice_providers": {
        "done": "{name} has deleted it.",
        "open": "{name} deletes it when no refund and no dispute needs it any more.",
    },
    "provider_done": {
        "subject": "{provider} has erased your data too ({number})",
        "title": "{provider} has erased your data.",
        "done": (
            "When we told you that your data was deleted, one thing was still open: {provider} needed your "
            "payments for a refund or a dispute. That time is over, and {provider} has erased what it had of "
            "you for us."
        ),
        "kept": "What we still keep of your orders, and until when, stands in our earlier mail.",
    },
    "foot": {
        "why": "You get this mail because of a request for the deletion of data. There is no list to leave.",
        "questions": "Questions: answer this mail.",
        "imprint": "Imprint",
        "policy": "Privacy policy",
    },
    "extended": {
        "subject": "Your request takes longer ({number})",
        "title": "Your request takes longer.",
        "said": (
            "We can’t answer your request {number} within the first month. You get our answer by {until} at the latest."
        ),
        "because": "The reason:",
        "complain": ("If you think that this is wrong, answer this mail, or complain to a data protection authority."),
    },
    "refused": {
        "subject": "We can’t delete your data ({number})",
        "title": "We can’t follow your request.",
        "said": "We have not deleted anything on your request {number}.",
        "because": "The reason:",
        "complain": (
            "If you think that this is wrong, answer this mail. You may also complain to a data protection "
            "authority, or go to court."
        ),
    },
}
