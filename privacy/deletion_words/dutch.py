"""Dutch."""

WORDS = {
    "proof": {
        "subject": "Bevestig de verwijdering van uw gegevens ({number})",
        "title": "Bevestig dat uw gegevens verwijderd moeten worden.",
        "asked": (
            "Een e-mail aan {store} vraagt ons de persoonsgegevens bij dit adres te verwijderen. Iedereen kan "
            "zo’n e-mail schrijven, dus doen we niets voordat u het bevestigt."
        ),
        "how": "Open deze pagina en bevestig daar. De link werkt één keer, tot {until}.",
        "deed": "Verwijdering bevestigen",
        "reply": "Of beantwoord deze e-mail met het woord “Ja”.",
        "not_you": (
            "Wilt u dit niet, doe dan niets. Na die dag wordt het verzoek gesloten en blijft alles zoals het is."
        ),
        "same": "We sturen deze e-mail aan elk adres dat in zo’n verzoek staat, of we er iets van bewaren of niet.",
    },
    "acknowledgement": {
        "subject": "We hebben uw e-mail over het verwijderen van gegevens ({number})",
        "title": "We hebben uw e-mail.",
        "received": "We lezen hem als verzoek om persoonsgegevens te verwijderen; het nummer is {number}.",
        "next": (
            "Voordat we iets verwijderen, bevestigt het adres waarvan de gegevens zijn het: we schrijven apart "
            "aan dat adres en aan geen ander."
        ),
        "until": "U krijgt ons antwoord uiterlijk op {until}. Als alles klaar is, hoort de persoon het.",
    },
    "page": {
        "title": "Bevestig de verwijdering van uw gegevens",
        "lede": "Met de knop bevestigt u dat de persoonsgegevens van uw adres bij {store} verwijderd moeten worden.",
        "next": (
            "Ons team loopt daarna alles na, verwijdert wat niet bewaard hoeft te worden en schrijft u wat "
            "verwijderd is, wat moet blijven en tot wanneer. Lopende licenties kunnen eindigen. Tot de "
            "verwijdering begint, kunt u haar intrekken door onze e-mail te beantwoorden."
        ),
        "deed": "Ja, verwijder mijn gegevens",
        "done_title": "U hebt het bevestigd",
        "done": (
            "Vanaf hier gaat ons team verder. U krijgt een e-mail als uw gegevens verwijderd zijn, en niet eerder."
        ),
        "over_title": "Deze link werkt niet",
        "over": (
            "Hij is al gebruikt, te oud of niet volledig. Schrijf aan {support} en vraag opnieuw om "
            "verwijdering: u krijgt een nieuwe link."
        ),
    },
    "notice": {
        "subject": "Uw gegevens zijn verwijderd ({number})",
        "title": "Uw gegevens zijn verwijderd.",
        "done": (
            "U vroeg {store} uw persoonsgegevens te verwijderen. Dat is gebeurd. Daarna hebben we alles "
            "doorzocht wat we bewaren en van u niets gevonden dan wat deze e-mail noemt."
        ),
        "erased": "We hebben verwijderd, of niet langer met u verbonden:",
        "kept": "Dit moeten we bewaren:",
        "kept_how": (
            "Het is intussen afgeschermd: we gebruiken het alleen om deze redenen, daarna wordt het vanzelf verwijderd."
        ),
        "nothing_kept": "We bewaren niets.",
        "told": "Ook bedrijven die voor ons werken hadden gegevens van u:",
        "forgotten": (
            "Ook uw e-mails hierover zijn verwijderd. Het adres van deze e-mail bewaren we versleuteld nog drie "
            "dagen, voor het geval hij terugkomt; daarna kennen we het niet meer."
        ),
        "complain": (
            "Denkt u dat er iets niet klopt, beantwoord dan deze e-mail of dien een klacht in bij {authority}."
        ),
    },
    "notice_authority": {
        "any": (
            "een toezichthouder voor gegevensbescherming, zoals die van uw land: "
            "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"
        ),
    },
    "notice_groups": {
        "account": "uw account met zijn adressen",
        "sign_in": "uw aanmeldingen en tweede factoren",
        "cart": "uw winkelwagen",
        "orders": "wie u bent in uw bestellingen",
        "notes": "notities over uw bestellingen",
        "payments": "wat van uw betalingen naar u leidt",
        "licenses": "de band tussen licenties en u",
        "consents": "het bewijs van uw toestemmingen",
        "copies": "kopieën van uw gegevens",
        "other": "andere gegevens over u",
    },
    "notice_grounds": {
        "law": "de belastingwet vraagt het (art. 6 lid 1 onder c AVG)",
        "interest": "we moeten het misschien bewijzen (art. 6 lid 1 onder f AVG)",
        "contract": "een overeenkomst met u heeft het nog nodig (art. 6 lid 1 onder b AVG)",
        "hold": "een geschil of een autoriteit heeft het nodig (art. 17 lid 3 AVG)",
        "under_way": "een betaling, terugbetaling of geschil loopt nog",
    },
    "notice_kept": {
        "until": "{what}, tot {until}: {why}",
        "open": "{what}, tot dat voorbij is: {why}",
    },
    "notice_providers": {
        "done": "{name} heeft ze verwijderd.",
        "open": "{name} verwijdert ze als geen terugbetaling en geen geschil ze meer nodig heeft.",
    },
    "provider_done": {
        "subject": "Ook {provider} heeft uw gegevens verwijderd ({number})",
        "title": "{provider} heeft uw gegevens verwijderd.",
        "done": (
            "Toen we u schreven dat uw gegevens verwijderd waren, stond nog iets open: {provider} had uw "
            "betalingen nodig voor een terugbetaling of een geschil. Die tijd is voorbij, en {provider} heeft "
            "verwijderd wat het voor ons van u had."
        ),
        "kept": "Wat we nog van uw bestellingen bewaren, en tot wanneer, staat in onze eerdere e-mail.",
    },
    "foot": {
        "why": (
            "U krijgt deze e-mail wegens een verzoek om gegevens te verwijderen. Er is geen lijst om u van af "
            "te melden."
        ),
        "questions": "Vragen: beantwoord deze e-mail.",
        "imprint": "Colofon",
        "policy": "Privacybeleid",
    },
    "extended": {
        "subject": "Uw verzoek duurt langer ({number})",
        "title": "Uw verzoek duurt langer.",
        "said": (
            "We kunnen uw verzoek {number} niet binnen de eerste maand beantwoorden. U krijgt ons antwoord "
            "uiterlijk op {until}."
        ),
        "because": "De reden:",
        "complain": (
            "Vindt u dit onjuist, beantwoord dan deze e-mail of dien een klacht in bij een toezichthouder voor "
            "gegevensbescherming."
        ),
    },
    "refused": {
        "subject": "We kunnen uw gegevens niet verwijderen ({number})",
        "title": "We kunnen uw verzoek niet inwilligen.",
        "said": "Op uw verzoek {number} hebben we niets verwijderd.",
        "because": "De reden:",
        "complain": (
            "Vindt u dit onjuist, beantwoord dan deze e-mail. U kunt ook een klacht indienen bij een "
            "toezichthouder voor gegevensbescherming of naar de rechter gaan."
        ),
    },
}
