"""How the rows of the ground floor itself are shown to their person."""

from typing import Any

from privacy import consents
from privacy.exports import presenters
from privacy.exports.presenters import Presenter
from privacy.models import Consent, Export


@presenters.of(Consent)
class Consents(Presenter):
    title, one, many, position = "What you agreed to", "consent", "consents", 80
    labels = {"key": "About", "version": "Version of the words", "given_at": "Agreed on", "ended_at": "Ended on"}

    def facts(self, row: Consent, *, for_staff: bool) -> dict[str, Any]:
        return {"words": consents.words_of(row.key, row.version), "how_it_ended": row.get_end_display()}


@presenters.of(Export)
class Exports(Presenter):
    title, one, many, position = "Copies of your data", "copy", "copies", 90
    labels = {"requested_at": "Asked for on", "reason": "Why staff asked"}
