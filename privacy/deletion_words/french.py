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
    "notice": {
        "subject": "Vos données sont supprimées ({number})",
        "title": "Vos données sont supprimées.",
        "done": (
            "Vous avez demandé à {store} de supprimer vos données personnelles. C’est fait. Nous avons ensuite "
            "parcouru tout ce que nous conservons et n’avons trouvé de vous que ce que nomme cet e-mail."
        ),
        "erased": "Nous avons supprimé, ou détaché de vous :",
        "kept": "Nous devons conserver :",
        "kept_how": (
            "Ces données sont bloquées entre-temps : elles ne servent qu’à cela, puis sont supprimées d’elles-mêmes."
        ),
        "nothing_kept": "Nous ne conservons rien.",
        "told": "Des entreprises qui travaillent pour nous avaient aussi des données de vous :",
        "forgotten": (
            "Vos e-mails à ce sujet sont supprimés aussi. Nous gardons l’adresse de cet e-mail, chiffrée, pendant "
            "trois jours, au cas où il reviendrait ; ensuite, nous ne la connaissons plus."
        ),
        "complain": (
            "Si quelque chose vous semble inexact, répondez à cet e-mail ou adressez une réclamation à {authority}."
        ),
    },
    "notice_authority": {
        "any": (
            "une autorité de protection des données, par exemple celle de votre pays : https://www.edpb.europa.eu/"
            "about-edpb/about-edpb/members_fr"
        ),
    },
    "notice_groups": {
        "account": "votre compte et ses adresses",
        "sign_in": "vos connexions et seconds facteurs",
        "cart": "votre panier",
        "orders": "votre identité dans vos commandes",
        "notes": "les notes sur vos commandes",
        "payments": "ce qui mène de vos paiements à vous",
        "licenses": "le lien entre des licences et vous",
        "consents": "la preuve de vos consentements",
        "copies": "les copies de vos données",
        "other": "d’autres données sur vous",
    },
    "notice_grounds": {
        "law": "le droit fiscal l’exige (art. 6, par. 1, point c, RGPD)",
        "interest": "nous pourrions devoir le prouver (art. 6, par. 1, point f, RGPD)",
        "contract": "un contrat avec vous en a encore besoin (art. 6, par. 1, point b, RGPD)",
        "hold": "un litige ou une autorité en a besoin (art. 17, par. 3, RGPD)",
        "under_way": "un paiement, un remboursement ou un litige est en cours",
    },
    "notice_kept": {
        "until": "{what}, jusqu’au {until} : {why}",
        "open": "{what}, jusqu’à ce que cela soit terminé : {why}",
    },
    "notice_providers": {
        "done": "{name} les a supprimées.",
        "open": "{name} les supprime dès qu’aucun remboursement ni litige n’en a plus besoin.",
    },
    "provider_done": {
        "subject": "{provider} a aussi effacé vos données ({number})",
        "title": "{provider} a effacé vos données.",
        "done": (
            "Quand nous vous avons écrit que vos données étaient supprimées, un point restait ouvert : "
            "{provider} avait besoin de vos paiements pour un remboursement ou un litige. Ce délai est "
            "passé, et {provider} a effacé ce qu’il avait de vous pour nous."
        ),
        "kept": ("Ce que nous gardons encore de vos commandes, et jusqu’à quand, figure dans notre message précédent."),
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
