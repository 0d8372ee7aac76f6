"""German."""

WORDS = {
    "proof": {
        "subject": "Bitte bestätigen: Löschung Ihrer Daten ({number})",
        "title": "Bitte bestätigen Sie, dass Ihre Daten gelöscht werden sollen.",
        "asked": (
            "Eine E-Mail an {store} bittet uns, die personenbezogenen Daten zu dieser Adresse zu löschen. So eine "
            "E-Mail kann jeder schreiben. Darum tun wir nichts, bevor Sie zustimmen."
        ),
        "how": "Öffnen Sie diese Seite und bestätigen Sie dort. Der Link gilt einmal, bis zum {until}.",
        "deed": "Löschung bestätigen",
        "reply": "Oder antworten Sie auf diese E-Mail mit „Ja“.",
        "not_you": (
            "Wenn Sie das nicht möchten, tun Sie nichts. Nach diesem Tag wird die Anfrage geschlossen, und alles "
            "bleibt, wie es ist."
        ),
        "same": (
            "Diese E-Mail geht an jede Adresse, die eine solche Anfrage nennt, ob wir dazu etwas gespeichert haben "
            "oder nicht."
        ),
    },
    "acknowledgement": {
        "subject": "Ihre E-Mail zur Löschung von Daten ist da ({number})",
        "title": "Ihre E-Mail ist angekommen.",
        "received": "Wir verstehen sie als Bitte, personenbezogene Daten zu löschen. Sie hat die Nummer {number}.",
        "next": (
            "Bevor wir etwas löschen, bestätigt es die Adresse, um deren Daten es geht: An sie schreiben wir "
            "gesondert, und an keine andere."
        ),
        "until": (
            "Unsere Antwort bekommen Sie spätestens am {until}. Wenn alles erledigt ist, erfährt es die betroffene "
            "Person."
        ),
    },
    "page": {
        "title": "Löschung Ihrer Daten bestätigen",
        "lede": (
            "Mit dem Knopf bestätigen Sie, dass die personenbezogenen Daten zu Ihrer Adresse bei {store} gelöscht "
            "werden sollen."
        ),
        "next": (
            "Danach sieht unser Support alles durch, löscht, was nicht aufbewahrt werden muss, und schreibt Ihnen, "
            "was gelöscht wurde, was bleiben muss und bis wann. Laufende Lizenzen können damit enden. Bis die "
            "Löschung beginnt, können Sie sie durch eine Antwort auf unsere E-Mail zurücknehmen."
        ),
        "deed": "Ja, meine Daten löschen",
        "done_title": "Sie haben es bestätigt",
        "done": (
            "Ab hier übernimmt unser Support. Sie bekommen eine E-Mail, wenn Ihre Daten gelöscht sind, und nicht "
            "vorher."
        ),
        "over_title": "Dieser Link gilt nicht",
        "over": (
            "Er wurde schon benutzt, ist zu alt oder wurde abgeschnitten. Schreiben Sie an {support} und bitten Sie "
            "noch einmal um Löschung: Sie bekommen einen neuen Link."
        ),
    },
    "notice": {
        "subject": "Ihre Daten sind gelöscht ({number})",
        "title": "Ihre Daten sind gelöscht.",
        "done": (
            "Sie haben {store} gebeten, Ihre personenbezogenen Daten zu löschen. Das ist geschehen. Danach haben wir "
            "alles durchsucht, was wir speichern, und von Ihnen nur gefunden, was in dieser E-Mail steht."
        ),
        "erased": "Gelöscht, oder nicht mehr mit Ihnen verknüpft, haben wir:",
        "kept": "Das müssen wir aufbewahren:",
        "kept_how": (
            "Es ist so lange gesperrt: Wir nutzen es nur aus diesen Gründen, und danach wird es von selbst gelöscht."
        ),
        "nothing_kept": "Wir bewahren nichts auf.",
        "told": "Auch Unternehmen, die für uns arbeiten, hatten Daten von Ihnen:",
        "forgotten": (
            "Ihre E-Mails an uns dazu sind ebenfalls gelöscht. Die Adresse dieser E-Mail behalten wir verschlüsselt "
            "drei Tage lang, falls sie zurückkommt; danach kennen wir sie nicht mehr."
        ),
        "complain": (
            "Wenn etwas nicht stimmt, antworten Sie auf diese E-Mail, oder beschweren Sie sich bei {authority}."
        ),
    },
    "notice_authority": {
        "any": (
            "einer Datenschutzbehörde, zum Beispiel der Ihres Landes: https://www.edpb.europa.eu/about-edpb/"
            "about-edpb/members_de"
        ),
    },
    "notice_groups": {
        "account": "Ihr Konto mit seinen Adressen",
        "sign_in": "Ihre Anmeldungen und zweiten Faktoren",
        "cart": "Ihr Warenkorb",
        "orders": "wer Sie in Ihren Bestellungen sind",
        "notes": "Notizen zu Ihren Bestellungen",
        "payments": "was von Ihren Zahlungen zu Ihnen führt",
        "licenses": "die Verknüpfung von Lizenzen mit Ihnen",
        "consents": "Nachweise Ihrer Einwilligungen",
        "copies": "Kopien Ihrer Daten",
        "other": "weitere Einträge über Sie",
    },
    "notice_grounds": {
        "law": "das Steuerrecht verlangt es (Art. 6 Abs. 1 Buchst. c DSGVO)",
        "interest": "wir müssen es vielleicht nachweisen (Art. 6 Abs. 1 Buchst. f DSGVO)",
        "contract": "ein Vertrag mit Ihnen braucht es noch (Art. 6 Abs. 1 Buchst. b DSGVO)",
        "hold": "ein Rechtsstreit oder eine Behörde braucht es (Art. 17 Abs. 3 DSGVO)",
        "under_way": "eine Zahlung, Erstattung oder ein Streitfall läuft noch",
    },
    "notice_kept": {"until": "{what}, bis {until}: {why}", "open": "{what}, bis das beendet ist: {why}"},
    "notice_providers": {
        "done": "{name} hat sie gelöscht.",
        "open": "{name} löscht sie, sobald keine Erstattung und kein Streitfall sie mehr braucht.",
    },
    "provider_done": {
        "subject": "Auch {provider} hat Ihre Daten gelöscht ({number})",
        "title": "{provider} hat Ihre Daten gelöscht.",
        "done": (
            "Als wir Ihnen schrieben, dass Ihre Daten gelöscht sind, war noch etwas offen: {provider} "
            "brauchte Ihre Zahlungen für eine Erstattung oder einen Streitfall. Diese Zeit ist vorbei, und "
            "{provider} hat gelöscht, was dort für uns über Sie gespeichert war."
        ),
        "kept": ("Was wir von Ihren Bestellungen noch behalten, und bis wann, steht in unserer früheren E-Mail."),
    },
    "foot": {
        "why": "Sie bekommen diese E-Mail wegen einer Anfrage, Daten zu löschen. Sie stehen in keinem Verteiler.",
        "questions": "Fragen: Antworten Sie auf diese E-Mail.",
        "imprint": "Impressum",
        "policy": "Datenschutzerklärung",
    },
    "extended": {
        "subject": "Ihre Anfrage dauert länger ({number})",
        "title": "Ihre Anfrage dauert länger.",
        "said": (
            "Wir können Ihre Anfrage {number} nicht innerhalb des ersten Monats beantworten. Unsere Antwort "
            "kommt spätestens am {until}."
        ),
        "because": "Der Grund:",
        "complain": (
            "Wenn Sie das für falsch halten, antworten Sie auf diese Mail, oder beschweren Sie sich bei "
            "einer Datenschutzbehörde."
        ),
    },
    "refused": {
        "subject": "Wir können Ihre Daten nicht löschen ({number})",
        "title": "Wir können Ihrer Anfrage nicht folgen.",
        "said": "Wir haben auf Ihre Anfrage {number} nichts gelöscht.",
        "because": "Der Grund:",
        "complain": (
            "Wenn Sie das für falsch halten, antworten Sie auf diese Mail. Sie können sich auch bei einer "
            "Datenschutzbehörde beschweren oder klagen."
        ),
    },
}
