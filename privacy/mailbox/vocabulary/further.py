"""Languages in which a request is told from other mails by two words alone, one of deleting and one of data.

Nothing is understood beyond that, no "not" and no question, so whatever has both is for a person to read.
"""

import re
from dataclasses import dataclass

from privacy.mailbox.wording import folded


@dataclass(frozen=True)
class Further:
    """A language by its code and name. Its words are beginnings of words, as people write them."""

    code: str
    name: str
    deletion: re.Pattern[str]
    data: re.Pattern[str]


def _further(code: str, name: str, deletion: str, data: str) -> Further:
    border = "" if code in {"zh", "ja", "ko"} else r"(?<!\w)"
    first, second = (re.compile(f"{border}(?:{folded(words)})") for words in (deletion, data))
    return Further(code, name, first, second)


LANGUAGES = (
    _further(
        "sv",
        "Swedish",
        "radera|ta bort|ta väck|utplåna|glöm mig",
        "(?:mina|min|mitt|alla) .{0,30}(?:uppgift|data|konto)|person(?:uppgift|data)",
    ),
    _further(
        "da",
        "Danish",
        "slet|sletning|fjern",
        "(?:mine|min|mit|alle) .{0,30}(?:oplysning|data|konto)|persondata|personoplysning",
    ),
    _further(
        "no",
        "Norwegian",
        "slett|sletting|fjern",
        "(?:mine|min|mitt|alle) .{0,30}(?:opplysning|data|konto)|persondata|personopplysning",
    ),
    _further("fi", "Finnish", "poista|poisto|hävit", "(?:henkilö|omat |kaikki ).{0,10}tie|tietoni|tilini|käyttäjätili"),
    _further(
        "cs",
        "Czech",
        "smaz|smaž|vymaz|vymaž|odstran|výmaz",
        "(?:moje|moj|mých|mé|můj|mého|všech).{0,30}(?:údaj|data|účet|účtu)|osobní(?:ch)? údaj",
    ),
    _further(
        "sk",
        "Slovak",
        "vymaz|vymaž|zmaz|zmaž|odstrán",
        "(?:moje|mojich|môj|môjho|všetk).{0,30}(?:údaj|dáta|účet|účtu)|osobn(?:é|ých) údaj",
    ),
    _further("hu", "Hungarian", "töröl|törl|töröltet", "adataim|személyes adat|fiókom"),
    _further(
        "ro",
        "Romanian",
        "șterge|sterge|ștearg|eliminar|eliminați",
        "datele (?:mele|cu caracter)|contul meu|date(?:lor)? personale",
    ),
    _further(
        "bg",
        "Bulgarian",
        "изтри|изтрив|заличи|премахн",
        "личните (?:ми )?данни|лични данни|данните ми|моите данни|акаунта ми|профила ми",
    ),
    _further(
        "el",
        "Greek",
        "διαγρα|διαγρά|σβήσ|σβησ",
        "(?:προσωπικ|όλα).{0,20}δεδομέν|δεδομένα μου|λογαριασμό μου|στοιχεία μου",
    ),
    _further(
        "ru",
        "Russian",
        "удал|сотр[ие]|уничтож",
        "(?:мо[ийяею]|моих|всех?|персональн|личн).{0,30}(?:данн|аккаунт|профил|информац|учетн)",
    ),
    _further(
        "uk",
        "Ukrainian",
        "видал|стер[тіи]|знищ",
        "(?:мої|моїх|мій|мого|усі|всі|персональн|особист).{0,30}(?:дан|акаунт|профіл|інформац)",
    ),
    _further("tr", "Turkish", "sil|siliniz|silin|silme", "kişisel veri|verilerim|hesabım|bilgilerim"),
    _further(
        "hr",
        "Croatian",
        "izbriš|obriš|brisanj|ukloni",
        "(?:moje|mojih|moj|svoje|sve).{0,30}(?:podat|račun|profil)|osobn(?:e|ih) podat",
    ),
    _further(
        "zh",
        "Chinese",
        "删除|刪除|清除|注销|註銷",
        "(?:我的|个人|個人).{0,6}(?:数据|資料|资料|信息|帐户|账户|帳戶|账号|帳號)",
    ),
    _further(
        "ja",
        "Japanese",
        "削除|消去|抹消",
        "個人情報|個人データ|(?:私|わたし)の.{0,6}(?:情報|データ|アカウント)|アカウント",
    ),
    _further("ko", "Korean", "삭제|지워", "개인정보|개인 정보|(?:내|제) .{0,6}(?:정보|데이터|계정)"),
)
