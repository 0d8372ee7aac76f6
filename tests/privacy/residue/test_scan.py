"""What is left of a person is found wherever it is, and nothing of anybody else."""

import base64
import io
import json
import pickle
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from payments.models import Attempt, ProviderCall, Reference
from privacy import clock, holds, people, rate_limits, residue
from privacy.exports import requests
from privacy.models import Alert, PolicyVersion
from privacy.residue import Finding, Kind, readings
from shop.models import OrderHold, OrderParty
from tests.accounts import purchases

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12d")]
ANN = "ann@x.de"
HELD = holds.Kind(OrderParty, "order", lambda number: OrderParty.objects.filter(order__number=number))


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def store() -> Iterator["redis.Redis"]:
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()


def scan(address: str = ANN, **options: object) -> residue.Report:
    return residue.scan(people.of_address(address), **options)  # type: ignore[arg-type]


def places(report: residue.Report) -> set[tuple[str, Kind]]:
    return {(one.where, one.what) for one in report.findings}


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def test_nothing_is_left_where_nobody_was() -> None:
    purchases.paid((purchases.edition(), 1), email="bob@y.de")
    report = scan()
    assert report.is_clean
    assert report.candidates == ()
    assert report.searched["tables"] > 55
    assert report.searched["columns"] > 170


def test_a_guests_order_is_found_by_its_row_and_its_name_is_a_candidate() -> None:
    order = purchases.paid((purchases.edition(), 1), email="Ann@X.de")
    report = scan()
    assert report.findings == (Finding("shop_orderparty.email", str(order.party.pk), Kind.EMAIL, "plain"),)
    assert report.candidates == (Finding("shop_orderparty.name", str(order.party.pk), Kind.NAME, "plain"),)


def test_a_namesake_is_a_candidate_and_no_residue() -> None:
    purchases.paid((purchases.edition(), 1), email=ANN)
    namesake = purchases.paid((purchases.edition(), 1), email="ada@z.de")
    assert {one.key for one in scan().candidates} >= {str(namesake.party.pk)}
    assert {one.where for one in scan().findings} == {"shop_orderparty.email"}
    assert str(namesake.party.pk) not in {one.key for one in scan().findings}


def test_an_address_inside_another_is_not_found() -> None:
    for other in ("joann@x.de", "ann@x.dev", "ann+1@x.de", "ann@x.de.example.com", "jo.ann@x.de"):
        purchases.paid((purchases.edition(), 1), email=other)
    assert scan().is_clean


def test_the_address_is_found_in_notes_nested_json_logs_and_sessions() -> None:
    order = purchases.paid((purchases.edition(), 1), email="bob@y.de")
    OrderHold.objects.create(order=order, reason="Asked by ANN@X.DE on the phone.")
    ProviderCall.objects.create(key="cs:1", parameters={"a": [{"b": f"customer_email={ANN}"}]})
    staff = User.objects.create_user("kim@example.com")
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(OrderParty),
        object_id="1",
        object_repr="Order",
        action_flag=2,
        change_message=json.dumps([{"changed": {"name": f"Jörg <{ANN}>"}}]),
    )
    session = SessionStore()
    session["note"] = {"to": ANN, "more": "x" * 3000}  # long enough to be compressed
    session.save()
    PolicyVersion.objects.create(
        number=999, digest="d", content={"x": base64.b64encode(f"{{{ANN}}}".encode()).decode()}
    )
    Alert.objects.create(kind="x", key=ANN.encode().hex(), message="m")
    assert places(scan()) == {
        (where, Kind.EMAIL)
        for where in (
            "shop_orderhold.reason",
            "payments_providercall.parameters",
            "django_admin_log.change_message",
            "django_session.session_data",
            "privacy_policyversion.content",
            "privacy_alert.key",
        )
    }


def test_a_session_key_is_never_shown() -> None:
    session = SessionStore()
    session["to"] = ANN
    session.save()
    (found,) = [one for one in scan().findings if one.where == "django_session.session_data"]
    assert found.key.startswith("#")
    assert session.session_key not in found.line


def test_tables_that_nobody_declared_are_searched_whatever_their_types() -> None:
    sql("CREATE SCHEMA backup")
    sql(
        'CREATE TABLE backup."old %% stuff" (a text[], b bytea, c json, d jsonb, e char(20), f xml, g int, "h""q" text)'
    )
    sql(
        'INSERT INTO backup."old %% stuff" VALUES (%s, %s, %s, %s, %s, %s, 1, %s)',
        ["x", ANN],
        pickle.dumps({"to": ANN}),
        json.dumps({"to": ANN}),
        json.dumps([[ANN]]),
        ANN,
        f"<a>{ANN}</a>",
        ANN.upper(),
    )
    sql("CREATE MATERIALIZED VIEW kept AS SELECT %s::varchar AS v", ANN)
    found = {one.where: one.key for one in scan().findings}
    table = "backup.old % stuff"
    assert set(found) == {f"{table}.{name}" for name in ("a", "b", "c", "d", "e", "f", 'h"q')} | {"kept.v"}
    assert set(found.values()) == {"(0,1)"}


@pytest.mark.parametrize(
    "stored",
    [ANN.encode(), ANN.encode("utf-16-le"), ANN.encode().hex().encode(), zlib.compress(b"{}") + b"to=" + b"ann%40x.de"],
)
def test_binary_columns_are_searched(stored: bytes) -> None:
    sql("CREATE TABLE raw (id int PRIMARY KEY, b bytea)")
    sql("INSERT INTO raw VALUES (7, %s)", b"\x00\xff" + stored + b"\xfe")
    assert {(one.where, one.key) for one in scan().findings} == {("raw.b", "7")}


def test_an_export_is_decrypted() -> None:
    user = User.objects.create_user(ANN, name="Ann Lee")
    export = requests.ask(user=user)
    requests.make_due()
    export.refresh_from_db()
    assert export.file is not None
    assert ANN.encode() not in bytes(export.file)
    assert ("privacy_export.file", Kind.EMAIL) in places(scan())


def test_all_addresses_of_an_account_are_looked_for() -> None:
    user = User.objects.create_user(ANN)
    user.emailaddress_set.create(email=ANN, verified=True, primary=True)
    user.emailaddress_set.create(email="ann@other.org", verified=True)
    order = purchases.paid((purchases.edition(), 1), email="bob@y.de")
    OrderHold.objects.create(order=order, reason="ann@other.org called.")
    assert ("shop_orderhold.reason", Kind.EMAIL) in places(scan())


def test_keys_and_values_of_redis_are_found_in_every_type(store: "redis.Redis") -> None:
    store.set(f"shop:1:note:{ANN}", 1)
    store.set("pickled", pickle.dumps({"to": ANN}))
    store.set("packed", zlib.compress(json.dumps({"to": ANN}).encode()))
    store.rpush("celery", json.dumps({"body": base64.b64encode(json.dumps([[ANN], {}]).encode()).decode()}))
    store.hset("hash", "field", ANN)
    store.sadd("set", ANN)
    store.zadd("zset", {ANN: 1})
    store.xadd("stream", {"to": ANN})
    store.set(f"shop:limit:find:{rate_limits.fingerprint(ANN)}", 1)
    report = scan()
    assert len(report.findings) == 9
    assert {one.where for one in report.findings} == {"cache"}
    assert {one.what for one in report.findings} == {Kind.EMAIL, Kind.HASH}
    assert ANN not in str([one.line for one in report.findings])


def test_a_redis_that_is_away_is_not_clean(settings: Settings) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    with pytest.raises(redis.RedisError):
        scan()


def exif(text: str) -> bytes:
    """A JPEG of nothing with the tag Artist, and XPAuthor in UTF-16, as cameras and Windows write them."""
    artist, author = text.encode() + b"\0", text.encode("utf-16-le") + b"\0\0"
    tags = ((0x013B, 2, artist), (0x9C9D, 1, author))
    data_at = 8 + 2 + 12 * len(tags) + 4
    entries, data = b"", b""
    for tag, kind, value in tags:
        entries += struct.pack("<HHII", tag, kind, len(value), data_at + len(data))
        data += value
    tiff = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0) + data
    segment = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + b"\xff\xd9"


def png(text: str) -> bytes:
    """A PNG with a compressed comment (zTXt)."""
    content = b"Author\0\0" + zlib.compress(text.encode())
    chunk = b"zTXt" + content
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))


def packed(text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w>{text}</w>")
    return target.getvalue()


def test_names_of_files_and_what_images_say_about_themselves_are_found(media: Path) -> None:
    storage = default_storage
    storage.save("logos/1/logo.jpg", ContentFile(exif(f"Photo by {ANN}")))
    storage.save("logos/1/thumb.png", ContentFile(png(ANN)))
    storage.save("logos/2/letter.docx", ContentFile(packed(ANN)))
    (media / "logos/3").mkdir()
    (media / "logos/3/to ann@x.de, logo.svg").write_bytes(b"<svg/>")
    storage.save("logos/4/other.jpg", ContentFile(exif("joann@x.de")))
    storage.save("logos/5/long.bin", ContentFile(b"\n" * 7_999_996 + ANN.encode() + b"\n" * 100))
    found = [(one.where, one.key) for one in scan().findings]
    assert found == [
        ("media", "content of 1"),
        ("media", "content of 2"),
        ("media", "content of 3"),
        ("media", "content of 6"),
        ("media", "name of 4"),
    ]
    assert scan().searched["files"] == 6


def test_a_packed_file_that_can_t_be_opened_is_for_a_person_to_judge() -> None:
    whole = packed(ANN)
    encrypted = bytearray(packed("nothing"))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(header) + offset] |= 1
    odd = bytearray(whole)
    for header, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        odd[odd.index(header) + offset] = 97
    for number, content in enumerate((whole, encrypted, odd, whole[:20] + whole[40:]), start=1):
        default_storage.save(f"logos/{number}.zip", ContentFile(bytes(content)))
    report = scan()
    assert [(one.key, one.what) for one in report.findings] == [("content of 1", Kind.EMAIL)]
    assert [(one.key, one.what) for one in report.candidates] == [
        (f"content of {number}", Kind.UNREADABLE) for number in (2, 3, 4)
    ]


def test_what_is_too_long_to_be_read_in_every_way_is_for_a_person_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST_READ", 500)
    default_storage.save("logos/1.bin", ContentFile((f"%41 {ANN} " * 100).encode()))
    default_storage.save("logos/2.bin", ContentFile(b"%41 short"))
    report = scan()
    assert ("content of 1", Kind.UNREADABLE) in {(one.key, one.what) for one in report.candidates}
    assert "content of 2" not in {one.key for one in report.candidates}


def test_the_command_lets_what_is_held_and_what_is_of_another_account_pass(capsys: pytest.CaptureFixture[str]) -> None:
    held = purchases.order((purchases.edition(), 1), email=ANN)
    holds.place(HELD, held.number, by=None, reason="A court asks.")
    other = User.objects.create_user("bob@example.com")
    purchases.order((purchases.edition(), 1), email=ANN, user=other)
    call_command("privacy", "scan", ANN)
    assert capsys.readouterr().out.startswith("Nothing is left. ")
    assert not scan().is_clean


def test_restricted_rows_are_let_pass_but_not_what_should_have_been_cleared() -> None:
    order = purchases.paid((purchases.edition(), 1), email=ANN, delivery_email=ANN)
    assert len(scan().findings) == 2
    OrderParty.objects.update(restricted_at=clock.now())
    report = scan()
    assert [one.where for one in report.findings] == ["shop_orderparty.delivery_email"]
    assert report.exempt == {"restricted": 2}  # address and name
    OrderParty.objects.filter(order=order).update(delivery_email="")
    assert scan().is_clean


def test_what_goes_with_a_restricted_row_is_let_pass_with_it() -> None:
    order = purchases.paid((purchases.edition(), 1), email=ANN)
    attempt = Attempt.objects.create(
        order=order, number=1, provider="stripe", state="captured", amount=1, currency="EUR", captured_at=clock.now()
    )
    Reference.objects.create(attempt=attempt, kind="stripe_session", value=f"cs:{ANN}")
    assert ("payments_reference.value", Kind.EMAIL) in places(scan())
    OrderParty.objects.update(restricted_at=clock.now())
    assert scan().is_clean
    OrderHold.objects.create(order=order, reason=f"{ANN} called.")
    assert places(scan()) == {("shop_orderhold.reason", Kind.EMAIL)}  # free text is cleared, never restricted


def test_a_companys_vat_number_is_residue_in_the_persons_rows_only() -> None:
    mine = purchases.paid((purchases.edition(), 1), email=ANN)
    colleague = purchases.paid((purchases.edition(), 1), email="bob@x.de")
    OrderParty.objects.update(vat_number="DE123456789")
    OrderHold.objects.create(order=colleague, reason="Their number is DE 123 456 789.")
    report = scan()
    found = {(one.where, one.key) for one in report.findings if one.what is Kind.VAT_NUMBER}
    assert found == {
        ("shop_orderparty.vat_number", str(mine.party.pk)),
        ("shop_orderhold.reason", str(colleague.holds.get().pk)),
    }
    assert ("shop_orderparty.vat_number", str(colleague.party.pk)) in {(c.where, c.key) for c in report.candidates}


def test_identifiers_known_before_the_erasure_are_looked_for_after_it() -> None:
    purchases.paid((purchases.edition(), 1), email=ANN)
    OrderParty.objects.update(vat_number="DE123456789")
    known = residue.identifiers.of(people.of_address(ANN))
    OrderParty.objects.all().delete()
    sql("CREATE TABLE leftover (v text)")
    sql("INSERT INTO leftover VALUES ('DE123456789'), ('Ada Lovelace')")
    assert scan().is_clean
    report = scan(known=known)
    assert {one.what for one in report.findings} == {Kind.VAT_NUMBER}
    assert {one.what for one in report.candidates} == {Kind.NAME}


def test_the_receipt_has_counts_and_a_digest_and_no_value() -> None:
    purchases.paid((purchases.edition(), 1), email=ANN)
    receipt = scan().receipt
    assert receipt["findings"] == 1
    assert receipt["candidates"] == 1
    assert receipt["kinds"] == {"e-mail address": 1}
    assert receipt["inventory"] == residue.inventory_version()
    assert receipt["digest"] == scan().digest
    assert "ann" not in json.dumps(receipt)
    OrderHold.objects.create(order=OrderParty.objects.get().order, reason=ANN)
    assert receipt["digest"] != scan().digest


def test_the_command_says_a_line_a_place_and_exits_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    order = purchases.paid((purchases.edition(), 1), email="Ann@x.de")
    with pytest.raises(SystemExit) as stopped:
        call_command("privacy", "scan", "ANN@x.de")
    assert stopped.value.code == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first == f"shop_orderparty.email  {order.party.pk}  e-mail address (plain)"
    assert last.startswith("Found at 1 places. To be judged: 1. Looked at ")
    OrderParty.objects.all().delete()
    call_command("privacy", "scan", "ANN@x.de", "--json")
    assert json.loads(capsys.readouterr().out)["places"] == []
    with pytest.raises(CommandError) as wrong:
        call_command("privacy", "scan", "nobody")
    assert wrong.value.returncode == 2


def test_progress_is_told_by_table() -> None:
    told: list[residue.Progress] = []
    scan(progress=told.append)
    assert told[0].done == 0
    assert told[-1].done == told[-1].total
    assert len(told) > 55
