"""Security measures in general words, for the record of processing (Articles 30(1)(g) and 32(1) GDPR)."""

from privacy.processing_record import register_measures

register_measures(
    "Every connection is encrypted. Browsers are told to ask for nothing else.",
    "License keys, codes of second factors and files of exports are encrypted under keys that stand outside of the "
    "database; links and sign-in secrets are kept as hashes.",
    "People who run the shop sign in with a second factor and see what their role allows; what they do is on record.",
    "Card data is typed at the payment provider and never reaches the shop.",
    "What names a person stands in rows of its own, which a nightly sweep removes when their period ends.",
    "Log lines hold ids and states; names, addresses and secrets are kept out of them.",
    "Tries to sign in and requests that cost the shop are limited.",
    "Undeclared columns, cookies, cache keys and mails are refused by checks before the shop starts.",
)
