"""A translator's catalogue comes back: read, checked, compared with the one in use, taken as a whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app import i18n
from app.translating import catalogue_faults, catalogues, reviews

LARGEST = 2 * 1024 * 1024
LONGEST_NAME = 100
MOST_TOLD = 50
CHARSET = re.compile(r'^"Content-Type:.*charset=([\w-]+)', re.MULTILINE)
ID_LINE = re.compile(r'^msgid "', re.MULTILINE)
WHOLE_LINE = re.compile(r'\s*(#.*|((msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\])\s*)?"([^"\\]|\\.)*"\s*|)')


class Refused(Exception):
    """A catalogue was not taken, for one or more reasons."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Change:
    """One text of a catalogue, as it is and as it would be."""

    english: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A sound catalogue that has come back: what it would change, and the state that it was compared with."""

    code: str
    catalog: Catalog
    changes: list[Change]
    compared_with: str
    ends_review: bool

    @property
    def source(self) -> str:
        """Write it as a file, to be sent with the decision to take it."""
        return _written(self.catalog).decode("utf-8")


def offered(code: str, content: bytes) -> Offer:
    """Read and check what came back for a language; a file with faults is refused with each of them named."""
    known = catalogues.catalogues()
    if code not in known:
        raise Refused(f"There is no language {code!r}. Languages: {', '.join(known)}. Add it first.")
    catalog = _read(code, content)
    faults = list(catalogue_faults.faults_of(code, catalog)) + _review_fault(_review(catalog))
    if faults:
        raise Refused(*faults[:MOST_TOLD], *_untold(catalog, len(faults)))
    catalog.update(catalogues.template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    old = catalogues.read(known[code])
    return Offer(code, catalog, _changes(old, catalog), state_of(known[code]), _ends_review(known[code], old, catalog))


def take(offer: Offer) -> None:
    """Put a checked catalogue and its compiled form in place of those in use, both or neither."""
    path = catalogues.catalogues()[offer.code]
    compiled = io.BytesIO()
    write_mo(compiled, offer.catalog)
    # The compiled form goes first: pages read it, and where that fails nothing has changed.
    contents = {path.with_suffix(".mo"): compiled.getvalue(), path: _written(offer.catalog)}
    if _review(offer.catalog) not in ("", reviews.reviewer(path)):
        contents |= _as_reviewed(path, offer.catalog)
    replace(contents)


def record_review(code: str, name: str, on: date) -> None:
    """Write into a catalogue's first lines which fluent speaker reviewed it, and when."""
    said = " ".join(name.split())
    if not said:
        raise Refused("Enter the name of the fluent speaker who reviewed it")
    if faults := _review_fault(said):
        raise Refused(*faults)
    path = catalogues.catalogues()[code]
    _write_review(path, f" {said}, {on.day} {on:%B %Y}", _as_reviewed(path, catalogues.read(path)))


def withdraw_review(code: str) -> str:
    """Make a language a draft again; return who had reviewed it."""
    path = catalogues.catalogues()[code]
    was = reviews.reviewer(path)
    _write_review(path, "", {})
    return was


def _as_reviewed(path: Path, catalog: Catalog) -> dict[Path, bytes]:
    """Tell what stands beside a catalogue whose every text was reviewed."""
    return {reviews.fingerprints_file(path): reviews.fingerprints(catalog).encode()}


def _ends_review(path: Path, old: Catalog, new: Catalog) -> bool:
    """Say whether a language that is reviewed would be a draft again: texts change, and no other reviewer is named."""
    if not _review(old) or reviews.changed_since(path, old):
        return False
    return _review(new) in ("", _review(old)) and bool(reviews.changed_since(path, new))


def _write_review(path: Path, said: str, fingerprints: dict[Path, bytes]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next((n for n, line in enumerate(lines) if line.startswith(reviews.REVIEWED_BY)), None)
    lines[at if at is not None else 0 : at + 1 if at is not None else 0] = [f"{reviews.REVIEWED_BY}{said}\n"]
    replace({**fingerprints, path: "".join(lines).encode("utf-8")})


def state_of(path: Path) -> str:
    """Name the state that a catalogue is in."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:20]


def replace(contents: dict[Path, bytes]) -> None:
    """Replace files, or none where one of them can't be written."""
    drafts = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in contents}
    try:
        for path, content in contents.items():
            drafts[path].write_bytes(content)
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        raise Refused(
            f"{path.parent} can't be written by this server ({error.strerror}). Nothing was changed. "
            "Give the file to whoever installs the platform: flask translations import takes it there."
        ) from None
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink()


def _read(code: str, content: bytes) -> Catalog:
    if len(content) > LARGEST:
        raise Refused(too_large(len(content)))
    text = _decoded(content)
    _refuse_broken_lines(text)
    try:
        found = read_po(io.BytesIO(text.encode()), abort_invalid=True)
        catalog = read_po(io.BytesIO(text.encode()), locale=code, abort_invalid=True)
        catalogues.counts_alike(catalog.locale or Locale.parse(code), catalog.plural_forms)
    except Exception as error:
        rule = catalogues.plural_forms(Locale.parse(code))
        raise Refused(f"This can't be read as a catalogue: {error}. Its Plural-Forms must be {rule}.") from None
    said = str(found.locale_identifier or code)
    if said.split("_")[0] != code.split("_")[0]:
        raise Refused(f"The file says that its language is {said!r}, not {code!r}. Choose the file of this language.")
    _refuse_another(code, catalog, text)
    return catalog


def too_large(length: int) -> str:
    """Say that a file is larger than any catalogue."""
    return (
        f"The file has {length // 1024} kB. A catalogue has at most {LARGEST // 1024} kB. "
        "Choose the PO file that you downloaded here."
    )


def _decoded(content: bytes) -> str:
    """Read a file's signs: a mark of byte order is dropped, as are other systems' ends of lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            f"This can't be read as a catalogue: its byte {error.start} is not UTF-8. Save it as a PO file in UTF-8."
        ) from None
    named = CHARSET.search(text)
    if named and named[1].lower() not in ("utf-8", "utf8", "charset"):
        raise Refused(f"The file says that it is in {named[1]}. Save it as a PO file in UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_broken_lines(text: str) -> None:
    broken = ((n, line) for n, line in enumerate(text.splitlines(), start=1) if line and not WHOLE_LINE.fullmatch(line))
    for number, line in broken:
        raise Refused(
            f"This can't be read as a catalogue: line {number} is no line of a PO file ({line[:60]!r}). "
            "Save it anew with Poedit or Weblate."
        )


def _refuse_another(code: str, catalog: Catalog, text: str) -> None:
    """Refuse a file without texts or with other texts than ours, with some twice, or in another language."""
    ids = [entry.id for entry in catalog if entry.id]
    ours = {entry.id for entry in catalogues.template() if entry.id}
    if not ids:
        raise Refused("The file holds no texts. Choose the PO file that you downloaded here.")
    if not ours.intersection(ids):
        raise Refused(
            f"None of its {len(ids)} texts is one of ours: it belongs to something else. "
            "Choose the PO file that you downloaded here."
        )
    if not any(i18n.filled(entry.string) for entry in catalog if entry.id):
        raise Refused("Nothing in the file is translated: it is a template. Choose the translator's file.")
    if len(ID_LINE.findall(text)) - 1 > len(ids):
        raise Refused("The file has a text twice. Save it anew with Poedit or Weblate, which keep one of the two.")
    if other := catalogue_faults.other_language(code, catalog):
        raise Refused(f"Most of its texts are those of {other}. Choose the file of this language.")


def _untold(catalog: Catalog, count: int) -> list[str]:
    """Say how many more faults there are, and that a file's English may have changed since it was taken away."""
    told = [f"And {count - MOST_TOLD} more faults."] if count > MOST_TOLD else []
    ours = {entry.id for entry in catalogues.template()}
    strange = [entry for entry in catalog if entry.id and entry.id not in ours]
    if strange:
        told.append(
            f"The file has {len(strange)} texts that are not ours, such as {catalogues.identity(strange[0])!r}: the "
            "English is never changed in it, or has changed since it was taken away. Download the catalogue anew."
        )
    return told


def _review_fault(said: str) -> list[str]:
    if len(said) > LONGEST_NAME or not said.isprintable() or "<" in said:
        return [f"Write the name in at most {LONGEST_NAME} letters, without hidden characters or <"]
    return []


def _written(catalog: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(written, catalog, width=120, include_lineno=False)
    return written.getvalue()


def _changes(old: Catalog, new: Catalog) -> list[Change]:
    pairs = [(entry, old.get(catalogues.identity(entry), entry.context)) for entry in new if entry.id]
    found = [Change(catalogues.identity(entry), _told(was), _told(entry)) for entry, was in pairs]
    review = [Change("Reviewed by", *map(_review, (old, new)))]
    return [change for change in (*review, *found) if change.before != change.after]


def _told(entry: Any) -> str:
    string = entry.string if entry else ""
    return " / ".join(string) if isinstance(string, list | tuple) else str(string)


def _review(catalog: Catalog) -> str:
    lines = (line.strip() for line in catalog.header_comment.splitlines())
    said = (line.removeprefix(reviews.REVIEWED_BY).strip() for line in lines if line.startswith(reviews.REVIEWED_BY))
    return next(said, "")
