"""A bad setting stops every process at its start with one sentence that names the variable, and no trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import environment
from local import environments

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "manage.py", "check"]
GOOD = environments.AS_IN_PRODUCTION | {
    "DATABASE_URL": "postgres://shop@127.0.0.1:9/shop",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


def start(command: list[str], **values: str | None) -> tuple[int, str]:
    """Exit code and standard error of a command under the good settings and these; None unsets one."""
    env = {name: value for name, value in os.environ.items() if name not in environments.UNSET} | GOOD | values
    given = {name: value for name, value in env.items() if value is not None}
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "perhaps", "must be true or false, not 'perhaps'."),
        ("PROVIDER_TIMEOUT", "0", "must be more than zero seconds, not '0'."),
        ("SITE_URL", None, "isn't set. The table in README.md says what it means."),
        ("SITE_URL", "https://", "must be an address that starts with https or http://."),
        ("SITE_URL", "https:shop.example", "must be an address that starts with https or http://."),
        ("SITE_URL", "https://shop.example:port", "must be an address that starts with https or http://."),
        (
            "SITE_URL",
            "https://shop.example/shop",
            "must be a scheme and a host alone, such as https://shop.example.",
        ),
        (
            "ALLOWED_HOSTS",
            "https://a.example",
            "must be host names alone, such as shop.example, not 'https://a.example'.",
        ),
        ("ALLOWED_HOSTS", "a.example:8000", "must be host names alone, such as shop.example, not 'a.example:8000'."),
        (
            "BANK_TRANSFER_IBAN",
            "DE89 3704 0044 0532 0130 01",
            "must be a valid IBAN such as DE89 3704 0044 0532 0130 00.",
        ),
        ("TRUSTED_PROXIES", "nginx", "must name networks such as 10.0.0.0/8, not 'nginx'."),
        ("STORE_COUNTRY", "EU", "must be the code of a country such as DE, not 'EU'."),
        ("STORE_COUNTRY", "XX", "must be the code of a country such as DE, not 'XX'."),
        ("STORE_CURRENCY", "EURO", "must be the code of a currency such as EUR, not 'EURO'."),
        ("ERASURE_JOURNAL", None, "isn't set. The table in README.md says what it means."),
        ("ERASURE_JOURNAL", "journal", "must be a whole path such as /srv/shop/journal, not 'journal'."),
        (
            "ERASURE_JOURNAL",
            str(ROOT / "media" / "x"),
            f"may not lie in {ROOT / 'media'}: what is there goes into backups.",
        ),
        ("DATABASE_URL", "x", "must name a PostgreSQL database: postgres://user:password@host/name."),
        ("DATABASE_URL", "sqlite:///shop", "must name a PostgreSQL database: postgres://user:password@host/name."),
        (
            "DATABASE_URL",
            "postgres://a:b@c:d/e",
            "must name a PostgreSQL database: postgres://user:password@host/name.",
        ),
        ("REDIS_URL", "amqp://cache", "must be an address that starts with redis or rediss or unix://."),
        ("REDIS_URL", "cache:6379", "must be an address that starts with redis or rediss or unix://."),
        ("EMAIL_URL", "mail.example", "must be an address such as smtp+tls://user:password@host:587."),
        ("EMAIL_URL", "smtp://", "must be an address such as smtp+tls://user:password@host:587."),
        ("EMAIL_URL", "smtp://host:port", "must be an address such as smtp+tls://user:password@host:587."),
        (
            "MAILBOX_URL",
            "imaps://host",
            "must be an address such as imaps://user:password@host:993/INBOX, or maildir:/folder.",
        ),
        (
            "MAILBOX_URL",
            "pop3://a:b@host/INBOX",
            "must be an address such as imaps://user:password@host:993/INBOX, or maildir:/folder.",
        ),
        (
            "MAILBOX_URL",
            "imap://a:b@mail.example/INBOX",
            "must start with imaps://: only a mailbox on this machine goes without TLS.",
        ),
        ("MAILBOX_URL", "maildir:mail", "must name a folder from the root on, such as maildir:/srv/support."),
        ("MAILBOX_CA", "/nowhere.pem", "must name a file with certificates (PEM): No such file or directory."),
        (
            "LICENSE_KEYS_SECRET",
            "c2hvcnQ=",
            (
                "must be 32 random bytes in URL-safe base64. Make one: python3 -c 'import base64, os; "
                "print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
            ),
        ),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence(name: str, value: str | None, sentence: str) -> None:
    assert start(COMMAND, **{name: value}) == (1, f"The shop can't start: {name} {sentence}\n")


@pytest.mark.parametrize(
    "program",
    [
        ["granian", "--interface", "wsgi", "--port", "0", "config.wsgi:application"],
        ["celery", "-A", "config", "worker"],
        ["celery", "-A", "config", "beat"],
    ],
    ids=["web", "worker", "timetable"],
)
def test_every_process_says_the_sentence_and_ends(program: list[str]) -> None:
    name, *options = program
    code, said = start([str(Path(sys.executable).with_name(name)), *options], TRUSTED_PROXIES="nginx")
    assert "The shop can't start: TRUSTED_PROXIES must name networks such as 10.0.0.0/8, not 'nginx'.\n" in said
    assert (code != 0, "Traceback" in said) == (True, False)


def test_good_values_start() -> None:
    code, said = start(
        COMMAND,
        TRUSTED_PROXIES="10.0.0.1/8, ::1",
        STORE_COUNTRY="at",
        STORE_CURRENCY="chf",
        ALLOWED_HOSTS=".shop.example,127.0.0.1,[::1]",
        SITE_URL="https://shop.example:8443/",
        REDIS_URL="unix:///run/redis.sock?db=4",
        EMAIL_URL="smtp+tls://user:p%40ss@mail.example:587",
    )
    assert (code, "shop can't start" in said) == (0, False), said


def test_networks_are_read_without_strictness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXIES", "10.1.2.3/8, 2001:db8::/32,")
    assert [str(network) for network in environment.networks("PROXIES")] == ["10.0.0.0/8", "2001:db8::/32"]


def test_an_empty_list_of_hosts_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", " ")
    assert environment.hosts("HOSTS", "shop.example") == ["shop.example"]


def test_a_database_that_vanishes_is_noticed_and_its_address_decides_how_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_URL", "postgres://shop@db/shop?connect_timeout=9")
    options = environment.database("A_URL")["OPTIONS"]
    assert (options["connect_timeout"], options["tcp_user_timeout"]) == (9, 15_000)


@pytest.mark.django_db
def test_the_driver_takes_every_option_of_a_connection() -> None:
    connection.ensure_connection()
    taken = connection.connection.info.dsn_parameters
    expected = {name: str(value) for name, value in environment.DATABASE_OPTIONS.items()}
    assert {name: taken.get(name) for name in expected} == expected


def test_no_sentence_repeats_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_URL", "ftp://user:hunter2@host/")
    for read in (environment.url, environment.database, environment.email):
        with pytest.raises(ImproperlyConfigured) as refused:
            read("A_URL")  # type: ignore[operator]
        assert "hunter2" not in str(refused.value)
