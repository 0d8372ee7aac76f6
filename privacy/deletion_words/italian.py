"""Italian."""

WORDS = {
    "proof": {
        "subject": "Conferma la cancellazione dei tuoi dati ({number})",
        "title": "Conferma che i tuoi dati devono essere cancellati.",
        "asked": (
            "Un’e-mail a {store} ci chiede di cancellare i dati personali legati a questo indirizzo. Chiunque "
            "può scrivere un’e-mail simile, perciò non facciamo nulla prima della tua conferma."
        ),
        "how": "Apri questa pagina e conferma lì. Il link vale una sola volta, fino al {until}.",
        "deed": "Conferma la cancellazione",
        "reply": "Oppure rispondi a questa e-mail con la parola «Sì».",
        "not_you": (
            "Se non lo desideri, non fare nulla. Dopo quel giorno la richiesta viene chiusa e tutto resta com’è."
        ),
        "same": (
            "Scriviamo questa e-mail a ogni indirizzo nominato in una richiesta simile, che conserviamo "
            "qualcosa oppure no."
        ),
    },
    "acknowledgement": {
        "subject": "Abbiamo ricevuto la tua e-mail sulla cancellazione dei dati ({number})",
        "title": "Abbiamo ricevuto la tua e-mail.",
        "received": "La leggiamo come richiesta di cancellare dati personali; ha il numero {number}.",
        "next": (
            "Prima di cancellare qualcosa chiediamo conferma all’indirizzo a cui appartengono i dati: scriviamo "
            "separatamente a quell’indirizzo e a nessun altro."
        ),
        "until": (
            "Ricevi la nostra risposta al più tardi il {until}. Quando tutto è fatto, la persona viene informata."
        ),
    },
    "page": {
        "title": "Conferma la cancellazione dei tuoi dati",
        "lede": (
            "Con il pulsante confermi che i dati personali del tuo indirizzo presso {store} devono essere cancellati."
        ),
        "next": (
            "Il nostro team controlla poi tutto, cancella ciò che non va conservato e ti scrive che cosa è "
            "stato cancellato, che cosa deve restare e fino a quando. Le licenze in corso possono terminare. "
            "Finché la cancellazione non comincia puoi revocarla rispondendo alla nostra e-mail."
        ),
        "deed": "Sì, cancella i miei dati",
        "done_title": "Hai confermato",
        "done": "Da qui prosegue il nostro team. Ricevi un’e-mail quando i tuoi dati sono cancellati, e non prima.",
        "over_title": "Questo link non funziona",
        "over": (
            "È già stato usato, è troppo vecchio o è incompleto. Scrivi a {support} e chiedi di nuovo la "
            "cancellazione: ricevi un nuovo link."
        ),
    },
    "notice": {
        "subject": "I tuoi dati sono cancellati ({number})",
        "title": "I tuoi dati sono cancellati.",
        "done": (
            "Hai chiesto a {store} di cancellare i tuoi dati personali. È fatto. Poi abbiamo controllato tutto "
            "ciò che conserviamo e di te abbiamo trovato solo ciò che questa e-mail nomina."
        ),
        "erased": "Abbiamo cancellato, o non colleghiamo più a te:",
        "kept": "Dobbiamo conservare:",
        "kept_how": "Nel frattempo è bloccato: lo usiamo solo per questi motivi, poi viene cancellato da sé.",
        "nothing_kept": "Non conserviamo nulla.",
        "told": "Anche aziende che lavorano per noi avevano dati tuoi:",
        "forgotten": (
            "Anche le tue e-mail su questo argomento sono cancellate. Conserviamo l’indirizzo di questa e-mail, "
            "cifrato, per tre giorni, nel caso torni indietro; poi non lo conosciamo più."
        ),
        "complain": "Se pensi che qualcosa non vada, rispondi a questa e-mail o presenta un reclamo a {authority}.",
    },
    "notice_authority": {
        "any": (
            "un’autorità per la protezione dei dati, come quella del tuo paese: "
            "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"
        ),
    },
    "notice_groups": {
        "account": "il tuo account con i suoi indirizzi",
        "sign_in": "i tuoi accessi e secondi fattori",
        "cart": "il tuo carrello",
        "orders": "chi sei nei tuoi ordini",
        "notes": "note sui tuoi ordini",
        "payments": "ciò che porta dai tuoi pagamenti a te",
        "licenses": "il legame tra le licenze e te",
        "consents": "la prova dei tuoi consensi",
        "copies": "copie dei tuoi dati",
        "other": "altri dati su di te",
    },
    "notice_grounds": {
        "law": "lo chiede la legge fiscale (art. 6, par. 1, lett. c GDPR)",
        "interest": "potremmo doverlo provare (art. 6, par. 1, lett. f GDPR)",
        "contract": "serve ancora a un contratto con te (art. 6, par. 1, lett. b GDPR)",
        "hold": "serve a una controversia o a un’autorità (art. 17, par. 3 GDPR)",
        "under_way": "un pagamento, un rimborso o una contestazione è in corso",
    },
    "notice_kept": {
        "until": "{what}, fino al {until}: {why}",
        "open": "{what}, finché non sarà concluso: {why}",
    },
    "notice_providers": {
        "done": "{name} li ha cancellati.",
        "open": "{name} li cancella quando nessun rimborso e nessuna contestazione ne ha più bisogno.",
    },
    "provider_done": {
        "subject": "Anche {provider} ha cancellato i tuoi dati ({number})",
        "title": "{provider} ha cancellato i tuoi dati.",
        "done": (
            "Quando ti abbiamo scritto che i tuoi dati erano cancellati, restava una cosa: {provider} aveva "
            "bisogno dei tuoi pagamenti per un rimborso o una contestazione. Quel tempo è passato, e {provider} "
            "ha cancellato ciò che aveva di te per noi."
        ),
        "kept": (
            "Che cosa conserviamo ancora dei tuoi ordini, e fino a quando, è scritto nella nostra e-mail precedente."
        ),
    },
    "foot": {
        "why": (
            "Ricevi questa e-mail per una richiesta di cancellazione di dati. Non c’è nessuna lista da cui uscire."
        ),
        "questions": "Domande: rispondi a questa e-mail.",
        "imprint": "Note legali",
        "policy": "Informativa sulla privacy",
    },
    "extended": {
        "subject": "La tua richiesta richiede più tempo ({number})",
        "title": "La tua richiesta richiede più tempo.",
        "said": (
            "Non possiamo rispondere alla tua richiesta {number} entro il primo mese. Ricevi la nostra risposta "
            "al più tardi il {until}."
        ),
        "because": "Il motivo:",
        "complain": (
            "Se pensi che sia sbagliato, rispondi a questa e-mail o presenta un reclamo a un’autorità per la "
            "protezione dei dati."
        ),
    },
    "refused": {
        "subject": "Non possiamo cancellare i tuoi dati ({number})",
        "title": "Non possiamo accogliere la tua richiesta.",
        "said": "In base alla tua richiesta {number} non abbiamo cancellato nulla.",
        "because": "Il motivo:",
        "complain": (
            "Se pensi che sia sbagliato, rispondi a questa e-mail. Puoi anche presentare un reclamo a "
            "un’autorità per la protezione dei dati o rivolgerti a un tribunale."
        ),
    },
}
