"""Polish."""

WORDS = {
    "proof": {
        "subject": "Prosimy potwierdzić usunięcie danych ({number})",
        "title": "Prosimy potwierdzić, że Państwa dane mają zostać usunięte.",
        "asked": (
            "Wiadomość do {store} zawiera prośbę o usunięcie danych osobowych związanych z tym adresem. Taką "
            "wiadomość może napisać każdy, dlatego nie robimy nic przed potwierdzeniem."
        ),
        "how": "Prosimy otworzyć tę stronę i tam potwierdzić. Link działa jeden raz, do {until}.",
        "deed": "Potwierdź usunięcie",
        "reply": "Można też odpowiedzieć na tę wiadomość słowem „Tak”.",
        "not_you": (
            "Jeśli to niepożądane, nic nie trzeba robić. Po tym dniu wniosek zostanie zamknięty i wszystko "
            "pozostanie bez zmian."
        ),
        "same": (
            "Tę wiadomość wysyłamy na każdy adres wymieniony w takim wniosku, niezależnie od tego, czy coś o "
            "nim przechowujemy."
        ),
    },
    "acknowledgement": {
        "subject": "Otrzymaliśmy wiadomość o usunięciu danych ({number})",
        "title": "Otrzymaliśmy Państwa wiadomość.",
        "received": "Odczytujemy ją jako prośbę o usunięcie danych osobowych; ma numer {number}.",
        "next": (
            "Zanim cokolwiek usuniemy, potwierdza to adres, do którego należą dane: piszemy osobno na ten adres "
            "i na żaden inny."
        ),
        "until": "Odpowiedź nadejdzie najpóźniej {until}. Gdy wszystko będzie gotowe, dana osoba się o tym dowie.",
    },
    "page": {
        "title": "Potwierdzenie usunięcia danych",
        "lede": (
            "Tym przyciskiem potwierdzają Państwo, że dane osobowe związane z Państwa adresem w {store} mają "
            "zostać usunięte."
        ),
        "next": (
            "Nasz zespół przejrzy potem wszystko, usunie to, czego nie trzeba przechowywać, i napisze, co "
            "usunięto, co musi pozostać i do kiedy. Bieżące licencje mogą się zakończyć. Dopóki usuwanie się "
            "nie rozpocznie, można je cofnąć, odpowiadając na naszą wiadomość."
        ),
        "deed": "Tak, usuń moje dane",
        "done_title": "Potwierdzono",
        "done": "Teraz działa nasz zespół. Wiadomość nadejdzie, gdy dane zostaną usunięte, i nie wcześniej.",
        "over_title": "Ten link nie działa",
        "over": (
            "Został już użyty, jest za stary albo niepełny. Prosimy napisać na {support} i ponownie poprosić o "
            "usunięcie: wyślemy nowy link."
        ),
    },
    "notice": {
        "subject": "Państwa dane zostały usunięte ({number})",
        "title": "Państwa dane zostały usunięte.",
        "done": (
            "Poproszono {store} o usunięcie danych osobowych. To zostało wykonane. Następnie przejrzeliśmy "
            "wszystko, co przechowujemy, i nie znaleźliśmy o Państwu nic poza tym, co wymienia ta wiadomość."
        ),
        "erased": "Usunęliśmy lub odłączyliśmy od Państwa:",
        "kept": "To musimy przechować:",
        "kept_how": "W tym czasie jest to zablokowane: używamy tego tylko z tych powodów, a potem usuwa się samo.",
        "nothing_kept": "Nie przechowujemy niczego.",
        "told": "Firmy, które dla nas pracują, też miały Państwa dane:",
        "forgotten": (
            "Państwa wiadomości w tej sprawie też są usunięte. Adres tej wiadomości przechowujemy zaszyfrowany "
            "przez trzy dni, na wypadek gdyby wróciła; potem już go nie znamy."
        ),
        "complain": (
            "Jeśli coś się nie zgadza, prosimy odpowiedzieć na tę wiadomość lub złożyć skargę do: {authority}."
        ),
    },
    "notice_authority": {
        "any": (
            "organ ochrony danych, na przykład w Państwa kraju: "
            "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"
        ),
    },
    "notice_groups": {
        "account": "konto z jego adresami",
        "sign_in": "logowania i drugie składniki",
        "cart": "koszyk",
        "orders": "dane osoby w zamówieniach",
        "notes": "notatki o zamówieniach",
        "payments": "to, co prowadzi od płatności do Państwa",
        "licenses": "związek licencji z Państwem",
        "consents": "dowody zgód",
        "copies": "kopie danych",
        "other": "inne dane o Państwu",
    },
    "notice_grounds": {
        "law": "wymaga tego prawo podatkowe (art. 6 ust. 1 lit. c RODO)",
        "interest": "możemy musieć to udowodnić (art. 6 ust. 1 lit. f RODO)",
        "contract": "jest to jeszcze potrzebne do umowy z Państwem (art. 6 ust. 1 lit. b RODO)",
        "hold": "jest to potrzebne w sporze lub organowi (art. 17 ust. 3 RODO)",
        "under_way": "trwa płatność, zwrot lub spór",
    },
    "notice_kept": {
        "until": "{what}, do {until}: {why}",
        "open": "{what}, aż to się zakończy: {why}",
    },
    "notice_providers": {
        "done": "{name} je usunął.",
        "open": "{name} usunie je, gdy żaden zwrot ani spór nie będzie ich potrzebować.",
    },
    "provider_done": {
        "subject": "{provider} też usunął Państwa dane ({number})",
        "title": "{provider} usunął Państwa dane.",
        "done": (
            "Gdy pisaliśmy, że dane zostały usunięte, jedno pozostało otwarte: {provider} potrzebował Państwa "
            "płatności na wypadek zwrotu lub sporu. Ten czas minął i {provider} usunął to, co miał o Państwu "
            "dla nas."
        ),
        "kept": "Co jeszcze przechowujemy z zamówień i do kiedy, podaje nasza wcześniejsza wiadomość.",
    },
    "foot": {
        "why": (
            "Ta wiadomość przyszła z powodu wniosku o usunięcie danych. Nie ma listy, z której trzeba się wypisać."
        ),
        "questions": "Pytania: prosimy odpowiedzieć na tę wiadomość.",
        "imprint": "Nota prawna",
        "policy": "Polityka prywatności",
    },
    "extended": {
        "subject": "Wniosek potrwa dłużej ({number})",
        "title": "Wniosek potrwa dłużej.",
        "said": (
            "Nie możemy odpowiedzieć na wniosek {number} w pierwszym miesiącu. Odpowiedź nadejdzie najpóźniej {until}."
        ),
        "because": "Powód:",
        "complain": (
            "Jeśli to niesłuszne, prosimy odpowiedzieć na tę wiadomość lub złożyć skargę do organu ochrony danych."
        ),
    },
    "refused": {
        "subject": "Nie możemy usunąć danych ({number})",
        "title": "Nie możemy spełnić tej prośby.",
        "said": "Na wniosek {number} nie usunęliśmy niczego.",
        "because": "Powód:",
        "complain": (
            "Jeśli to niesłuszne, prosimy odpowiedzieć na tę wiadomość. Można też złożyć skargę do organu "
            "ochrony danych lub zwrócić się do sądu."
        ),
    },
}
