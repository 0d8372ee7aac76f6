"""What a company agrees to, by whoever manages its logo."""

from privacy import consents
from privacy.consents import ConsentText

#: GDPR Art. 6(1)(a) and 7(3): for a sole trader name and logo are personal data.
TEXT = consents.register(
    ConsentText(
        "branding",
        "2026-11",
        "I speak for this company. It agrees that the shop shows its name and logo on the pages “Trusted by”, on the "
        "home page and on the pages of the products named here. Whoever manages the logo can take this back at any "
        "time; then the logo is gone within a minute.",
    )
)
