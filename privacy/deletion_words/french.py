"""French."""

WORDS = {
    "proof": {
        "subject": "Confirmez la suppression de vos données ({number})",
        "title": "Confirmez que vos données doivent être supprimées.",
        "asked": (
            "Un e-mail adressé à {store} nous demande de supprimer les données personnelles liées à cette adresse. "
            "N’importe qui peut écrire un tel e-mail : nous ne faisons donc rien avant votre accord."
        ),
        "how": "Ouvrez cette page et confirmez-y. Le lien fonctionne une fois, jusqu’au {until}.",
        "deed": "Confirmer la suppression",
        "reply": "Ou répondez à cet e-mail par « Oui ».",
        "not_you": (
            "Si vous ne le voulez pas, ne faites rien. Après cette date, la demande est close et tout reste en l’état."
        ),
        "same": (
            "Cet e-mail part à chaque adresse nommée dans une telle demande, que nous conservions quelque chose à "
            "son sujet ou non."
        ),
    },
    "acknowledgement": {
        "subject": "Votre e-mail sur la suppression de données est arrivé ({number})",
        "title": "Votre e-mail est arrivé.",
        "received": (
            "Nous le comprenons comme une demande de suppression de données personnelles, sous le numéro {number}."
        ),
        "next": (
            "Avant toute suppression, l’adresse concernée la confirme : nous lui écrivons séparément, et à aucune "
            "autre."
        ),
        "until": (
            "Vous recevez notre réponse au plus tard le {until}. Quand tout est fait, la personne concernée l’apprend."
        ),
    },
    "page": {
        "title": "Confirmer la suppression de vos données",
        "lede": (
            "Par ce bouton, vous confirmez que les données personnelles liées à votre adresse chez {store} doivent "
            "être supprimées."
        ),
        "next": (
            "Notre équipe examine ensuite tout, supprime ce qui ne doit pas être conservé et vous écrit ce qui a été "
            "supprimé, ce qui doit rester et jusqu’à quand. Des licences en cours peuvent prendre fin. Tant que la "
            "suppression n’a pas commencé, vous pouvez l’annuler en répondant à notre e-mail."
        ),
        "deed": "Oui, supprimer mes données",
        "done_title": "Vous l’avez confirmé",
        "done": "Notre équipe prend la suite. Vous recevez un e-mail quand vos données sont supprimées, et pas avant.",
        "over_title": "Ce lien ne fonctionne pas",
        "over": (
            "Il a déjà servi, il est trop ancien ou il a été coupé. Écrivez à {support} et demandez de nouveau la "
            "suppression : vous recevez un nouveau lien."
        ),
    },
    "foot": {
        "why": (
            "Vous recevez cet e-mail à cause d’une demande de suppression de données. Vous n’êtes inscrit à aucune "
            "liste."
        ),
        "questions": "Des questions : répondez à cet e-mail.",
        "imprint": "Mentions légales",
        "policy": "Politique de confidentialité",
    },
    "extended": {
        "subject": "Votre demande prend plus de temps ({number})",
        "title": "Votre demande prend plus de temps.",
        "said": (
            "Nous ne pouvons pas répondre à votre demande {number} dans le premier mois. Vous recevrez "
            "notre réponse au plus tard le {until}."
        ),
        "because": "La raison :",
        "complain": (
            "Si vous n’êtes pas d’accord, répondez à ce message ou adressez une réclamation à une autorité "
            "de protection des données."
        ),
    },
    "refused": {
        "subject": "Nous ne pouvons pas supprimer vos données ({number})",
        "title": "Nous ne pouvons pas donner suite à votre demande.",
        "said": "Nous n’avons rien supprimé à la suite de votre demande {number}.",
        "because": "La raison :",
        "complain": (
            "Si vous n’êtes pas d’accord, répondez à ce message. Vous pouvez aussi adresser une réclamation "
            "à une autorité de protection des données ou saisir un tribunal."
        ),
    },
}
