"""Scans: a pile is read, a person confirms it form by form, and whatever is no sheet has its own answer."""

from __future__ import annotations

import io
import re
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.fieldwork.paper.models import PaperForm
from app.fieldwork.scanning.models import ScannedSide
from app.surveys.models import Response
from tests.accounts.house import Visitor, signed_in, text_of
from tests.fieldwork.scanning.conftest import PAGE, Scans, offered, printed, send

for package in ("pypdfium2", "zxingcpp", "cv2"):
    pytest.importorskip(package, reason="the optional extra “scan” is not installed")

import cv2  # noqa: E402

from bench.sending import as_jpeg, as_pdf  # noqa: E402
from bench.sheets import rendered  # noqa: E402

KEYED = {"prevent": "3", "three_things": "1 a", "anything_else": "More lamps"}


def confirmed(person: Visitor, page: str, serial: str = "1") -> list[dict[str, str]]:
    """Confirm a form side by side as the pages offer it, keying what is left open; returns what was filled in."""
    answer = person.send(f"{page}/claim", page, serial=serial)
    seen = []
    while answer.status_code == 303 and "/side/" in answer.headers["Location"]:
        fields = offered(person.open(answer.headers["Location"]).text)
        seen.append(fields)
        answer = person.send(answer.headers["Location"], **(fields | {k: v for k, v in KEYED.items() if k in fields}))
    assert answer.status_code == 303, text_of(answer)
    return seen


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response)))


def pictures(app: Flask) -> list[Path]:
    folder = Path(app.config["INSTANCE"]) / "scans"
    return list(folder.iterdir()) if folder.exists() else []


def test_a_mixed_pile_is_read_and_a_person_confirms_it(app: Flask, officer: Visitor, scans: Scans) -> None:
    pile = [*reversed(scans.sides.values()), scans.blank(1), np.full((2339, 1654), 250, np.uint8)]
    pile[1] = cv2.rotate(pile[1], cv2.ROTATE_180)
    told = send(officer, (as_pdf(pile), "pile.pdf"))
    assert f"Taken: {len(scans.sides)} sides of 1 form. Blank or without questions: 2." in told
    assert "is YV-2026-11 / 0001, side 1, which asks nothing" in told and "is blank" in told
    batch = f"{PAGE}/batches/1"
    page = text_of(officer.open(batch))
    assert "Form 0001" in page and "2 answers to look at" in page and "Not scanned" not in page
    sealed = pictures(app)
    assert len(sealed) == len(scans.sides) and not any(b"\xff\xd8\xff" in path.read_bytes()[:10] for path in sealed)
    begun = officer.send(f"{batch}/claim", batch, serial="1").headers["Location"]
    last = f"{begun.rpartition('/')[0]}/{scans.side_of('anything_else')}"
    passed = text_of(officer.send(last, **offered(officer.open(last).text)))
    assert "Something is written here: key what it says, or ? illegible" in passed
    seen = confirmed(officer, batch)
    read = {name: value for side in seen for name, value in side.items()}
    assert (read["safe_day"], read["safe_dark"], read["police_statements.fairly"]) == ("2", "3", "2")
    assert (read["partners"], read["informed"]) == ("3", "2")  # circled, through the boxes above and below
    assert read["prevent"] == "" and read["religion"] == "-"
    assert next(name for side in seen if "prevent" in side for name in side) == "prevent"
    (response,) = stored(app)
    assert (response.channel, response.batch_id, response.district) == ("paper", 1, "leeds")
    with app.app_context():
        assert response.said is not None and response.said["anything_else"] == "More lamps"
        assert response.said["three_things"] == ["burglary", "mental_health"]
    assert pictures(app) == [] and "Every scanned form of this batch is stored" in text_of(officer.open(batch))
    assert "You have confirmed form 0001 already" in text_of(officer.follow(officer.open(last)))
    assert "this form is stored already" in send(officer, (as_pdf(pile), "pile.pdf"))


def test_a_second_person_keys_blind_and_two_never_at_once(app: Flask, officer: Visitor, scans: Scans) -> None:
    first, *others = scans.sides.items()
    assert "1 form" in send(officer, (as_jpeg(first[1]), "one.jpg"), twice="1")
    batch = f"{PAGE}/batches/1"
    page = text_of(officer.open(batch))
    assert "Not scanned: " + ", ".join(str(side) for side, _ in others) in page
    mine = officer.send(f"{batch}/claim", batch, serial="1").headers["Location"]
    admin = signed_in(app, "admin")
    busy = admin.send(f"{batch}/claim", batch, serial="1")
    assert busy.status_code == 409 and "is being keyed by officer@example.org since" in text_of(busy)
    wrong = officer.send(mine, district="9")
    assert (
        wrong.status_code == 422 and "“9” is no box here" in text_of(wrong) and offered(wrong.text)["district"] == "9"
    )
    picture = re.search(rf"{PAGE}/sides/\d+\.jpg", officer.open(mine).text)
    assert picture
    given = officer.open(picture[0])
    assert given.data[:3] == b"\xff\xd8\xff" and given.headers["Cache-Control"] == "no-store"
    assert signed_in(app, "analyst").open(picture[0]).status_code == 403
    rest = send(officer, *((as_jpeg(image), f"{side}.jpg") for side, image in others), batch="1")
    assert f"Taken: {len(others)} sides of 1 form" in rest
    confirmed(officer, batch)
    assert stored(app) == [] and "a second person keys it blind" in text_of(admin.open(batch))
    blind = admin.send(f"{batch}/claim", batch, serial="1").headers["Location"]
    assert set(offered(admin.open(blind).text).values()) == {""} and "Perhaps" not in text_of(admin.open(blind))


@pytest.mark.both_databases
def test_the_same_sheet_twice_is_named(app: Flask, officer: Visitor, scans: Scans) -> None:
    side, image = next(iter(scans.sides.items()))
    once, again = (as_jpeg(image), "one.jpg"), (as_jpeg(image, 60), "again.jpg")
    assert f"again.jpg, page 1 is YV-2026-11 / 0001, side {side} again: one.jpg, page 1 was taken" in send(
        officer, once, again
    )
    assert "one.jpg was uploaded already, by officer@example.org" in send(officer, once)
    assert "it was scanned already, by officer@example.org" in send(officer, again)
    officer.send("/staff/paper/runs/1/place", "/staff/paper/runs/1", first="1", last="1", state="destroyed")
    assert "this form is marked as destroyed" in send(officer, again)
    filed = (io.BytesIO(b"serial,sex\r\n1,male\r\n"), "elsewhere.csv")
    officer.send("/staff/paper/runs/1/place", "/staff/paper/runs/1", first="1", last="1", state="returned")
    told = text_of(officer.send("/staff/paper/files", wave="YV-2026-11", event="", file=filed))
    assert "Row 2, serial: Form 1 was scanned by officer@example.org, in batch 1: take the row out" in told
    assert len(pictures(app)) == 1
    admin = signed_in(app, "admin")
    admin.send("/staff/paper/batches/1/withdraw", "/staff/paper/batches/1", reason="Wrong pile")
    assert pictures(app) == [] and "takes no scans" in send(officer, again, batch="1")
    with app.app_context():
        assert list(db.session.scalars(select(ScannedSide))) == []


def test_black_and_white_leaves_what_seems_blank_to_a_person(officer: Visitor, scans: Scans) -> None:
    religion, safe = scans.side_of("religion"), scans.side_of("safe_day")
    fax = np.where(scans.sides[religion] > 150, 255, 0).astype(np.uint8)
    warning = "This scan is black and white: light pencil can be lost"
    told = send(officer, (as_pdf([fax, scans.sides[safe]]), "fax.pdf"))
    assert f"side {religion}. {warning}. Scan in grey" in told and told.count(warning) == 1
    assert "1 side was scanned in black and white" in told
    batch = f"{PAGE}/batches/1"
    assert "Black and white: light pencil can be lost" in text_of(officer.open(batch))
    claimed = officer.send(f"{batch}/claim", batch, serial="1").headers["Location"].rpartition("/")[0]
    page = officer.open(f"{claimed}/{religion}")
    assert warning[10:] in text_of(page) and offered(page.text)["religion"] == ""
    assert "Nothing can be seen, but the scan is black and white" in text_of(page)
    assert "Read for certain" not in text_of(page).partition("What is your religion")[0]
    grey = officer.open(f"{claimed}/{safe}")
    assert "black and white" not in text_of(grey) and offered(grey.text)["safe_day"] == "2"


def test_an_event_that_is_none_is_refused_by_name(officer: Visitor, scans: Scans) -> None:
    filed = (io.BytesIO(b"sex\r\nmale\r\n"), "elsewhere.csv")
    page = "/staff/paper"
    wave = {"wave": "YV-2026-11"}
    sent = {
        "999": officer.send(f"{page}/batches", page, **wave, event="999", twice="0"),
        "x7": officer.send(f"{page}/runs", page, **wave, language="en", style="a4", count="1", event="x7"),
        "-1": officer.send(f"{page}/files", page, **wave, event="-1", file=filed),
    }
    for said, answer in sent.items():
        assert answer.status_code == 422 and "Choose one from the list of events" in text_of(answer), said
        assert f"There is no event “{said}”" in text_of(answer)
    assert "There is no event “x7”" in send(officer, (b"x", "one.pdf"), event="x7")


def encrypted() -> bytes:
    key = "<" + "00" * 32 + ">"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        f"<</Filter/Standard/V 1/R 2/O {key}/U {key}/P -1>>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj{each}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    ending = f"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 5\n0000000000 65535 f \n{table}{ending}".encode()


def many_pages(count: int) -> bytes:
    import pypdfium2

    document, made = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(count):
        document.new_page(595, 842)
    document.save(made)
    return made.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it has side by side dots."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * 5_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def cat() -> Any:
    rng = np.random.default_rng(1)
    fur = cv2.resize(rng.integers(0, 255, size=(75, 100), dtype=np.uint8), (1600, 1200), interpolation=cv2.INTER_CUBIC)
    cv2.circle(fur, (800, 600), 300, 90, -1)
    return fur


def test_what_is_no_pile_of_sheets_is_named_and_nothing_is_kept(app: Flask, officer: Visitor, scans: Scans) -> None:
    whole = as_pdf(list(scans.sides.values())[:1])
    good = next(iter(scans.sides.values()))
    refused = {
        "many.pdf": (many_pages(600), "has 600 pages: split it into files of at most 200"),
        "bare.pdf": (many_pages(0), "has no pages: scan the sheets again"),
        "locked.pdf": (encrypted(), "is encrypted: save it without a password"),
        "cut.pdf": (whole[: len(whole) // 3], "is damaged"),
        "bomb.png": (bomb(60_000), "has a picture of more than 60 million dots"),
        "apple.heic": (b"\0\0\0\x18ftypheic" + b"\0" * 40, "is a HEIC picture"),
        "words.docx": (b"PK\x03\x04 words", "is neither a PDF nor a picture"),
        "drawn.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "is neither a PDF nor a picture"),
        "nothing.jpg": (b"", "is empty"),
    }
    for name, (content, said) in refused.items():
        told = send(officer, (as_jpeg(good), "good.jpg"), (content, name))
        assert f"{name} {said}" in told and "Nothing was taken" in told, (name, told[-400:])
        assert pictures(app) == []
    assert "Choose a PDF, or up to 100 pictures" in send(officer)
    assert stored(app) == []


def test_pages_that_are_no_side_of_this_wave_are_named_one_by_one(app: Flask, officer: Visitor, scans: Scans) -> None:
    other = officer.open(f"{printed(officer, 1, 'YP-2026')}/forms/1.pdf").data
    side, good = next(iter(scans.sides.items()))
    mm = 240 / 25.4
    uncoded = scans.blank(side)
    uncoded[int(7 * mm) : int(29 * mm), int(160 * mm) : int(190 * mm)] = 255
    tall = good.shape[0]
    told = send(
        officer,
        (as_jpeg(good), "good.jpg"),
        (as_jpeg(rendered(other, 5)), "other.jpg"),
        (as_jpeg(uncoded), "uncoded.jpg"),
        (as_jpeg(scans.blank(side)[: tall // 2]), "half.jpg"),
        (as_jpeg(cat()), "cat.jpg"),
        (as_jpeg(np.hstack([scans.blank(side), scans.blank(side)])), "two.jpg"),
        (as_jpeg(cv2.resize(scans.blank(side), None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)), "small.jpg"),
    )
    assert "Taken: 1 side of 1 form" in told and "6 pages were left out" in told
    assert "other.jpg, page 1 is YP-2026 / 0001, side 5, a sheet of another wave than YV-2026-11" in told
    assert "uncoded.jpg, page 1 has the corner marks of a form, but its code cannot be read" in told
    assert f"half.jpg, page 1 (YV-2026-11 / 0001, side {side}) shows only 2 of its four corner marks" in told
    assert "cat.jpg, page 1 is no sheet of ours" in told
    assert "two.jpg, page 1 shows the marks of more than one sheet" in told
    assert "small.jpg, page 1" in told and "too small in its picture" in told
    with app.app_context():
        assert db.session.scalar(select(PaperForm.state).where(PaperForm.serial == 1).limit(1)) == "returned"


def test_without_the_extra_the_page_says_what_to_install(officer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    page = officer.open(PAGE)
    assert page.status_code == 200 and "opencv-python-headless is not installed" in text_of(page)
    assert "your-priorities[scan]" in text_of(page)
