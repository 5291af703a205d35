"""What every file of the project keeps to."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
TEXTS = {
    ".py",
    ".md",
    ".html",
    ".js",
    ".mjs",
    ".scss",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".json",
    ".mk",
    ".po",
    ".pot",
    ".ini",
    "",
}
GENERATED = ("app/static/build/", "migrations/versions/", "assets/package-lock.json", "requirements", "uv.lock")
# Written so that this file does not hold what it looks for.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
MACHINE = re.compile(r"/(work|root|home/\w+|Users/\w+|opt/(wheels|py" + r"pi))/")
INDEX = re.compile(r"--(extra-)?ind" r"ex-url|--find-l" r"inks|--trusted-h" r"ost|py" r"pi\.org|npm" r"js\.org")


@cache
def files() -> list[Path]:
    """List the files that are part of the project, generated ones aside."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts(*suffixes: str, generated: bool = False) -> list[tuple[Path, str]]:
    """Read the files with some endings."""
    wanted = suffixes or tuple(TEXTS)
    return [
        (path.relative_to(ROOT), path.read_text(encoding="utf-8"))
        for path in files()
        if path.suffix in wanted and (generated or not str(path.relative_to(ROOT)).startswith(GENERATED))
    ]


def lines_with(pattern: re.Pattern[str], *suffixes: str, generated: bool = False) -> list[str]:
    """List the lines that hold something."""
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts(*suffixes, generated=generated)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_nothing_is_left_for_later() -> None:
    assert lines_with(UNFINISHED) == []


def test_no_file_names_a_machine() -> None:
    assert lines_with(MACHINE, generated=True) == []


def test_no_file_names_a_package_index() -> None:
    assert lines_with(INDEX, generated=True) == []


def test_no_file_is_too_long_to_read() -> None:
    long = {
        str(path): count
        for path, text in texts(".py", ".js", ".html")
        if (count := text.count("\n")) > LONGEST and not str(path).startswith("tests/")
    }
    assert long == {}, f"over {LONGEST} lines: which noun is missing?"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-tools.txt"])
def test_every_package_is_locked_with_its_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.findall(r"^([a-z0-9][\w.\[\],-]*)==[^\s;]+(.*(?:\n[ ]+.*)*)", text, re.MULTILINE | re.IGNORECASE)
    assert len(packages) > 20
    assert [package for package, rest in packages if "--hash=sha256:" not in rest] == []
    assert re.findall(r"^[A-Za-z][^=\n]*$", text, re.MULTILINE) == [], "a line without a version"


def test_what_is_installed_for_use_is_installed_for_tests_too() -> None:
    pins = [
        dict(re.findall(r"^([\w.-]+)(?:\[[^]]*])?==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert {name: pins[1].get(name) for name in pins[0]} == pins[0]


def test_the_commands_that_documents_name_are_there() -> None:
    makefiles = [ROOT / "Makefile", *sorted((ROOT / "bench").glob("*.mk"))]
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", "\n".join(p.read_text() for p in makefiles), re.MULTILINE))
    missing = [
        f"{path}: make {target}"
        for path, text in texts(".md")
        for target in re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z][a-z0-9-]*)", text)
        + re.findall(r"^make ([a-z-]+)", text, re.M)
        if target not in targets
    ]
    assert missing == []


def test_the_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path, text in texts(".md"):
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            target = link.split("#")[0]
            if target and "://" not in target and not target.startswith("mailto:"):
                if not (ROOT / path.parent / target).exists():
                    broken.append(f"{path} -> {link}")
    assert broken == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path)
        for path, text in texts(".py")
        if text.strip() and not text.lstrip("#!/ abcdefghnopstuvy\n").startswith('"""')
    ]
    assert silent == []


def test_the_licence_of_every_package_is_told() -> None:
    told = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8").lower()
    pins = re.findall(
        r"^([\w.-]+)(?:\[[^]]*])?==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [name for name in pins if f"| {name.lower()} " not in told] == [], "run: make licences"


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert [
        path.name for path in folder.glob("*.md") if path.name != "README.md" and f"({path.name})" not in listed
    ] == []


def test_the_bill_of_materials_lists_what_is_locked() -> None:
    bill = json.loads((ROOT / "sbom.json").read_text(encoding="utf-8"))
    pins = re.findall(
        r"^([\w.-]+)(?:\[[^]]*])?==([^\s;]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert bill["bomFormat"] == "CycloneDX"
    packages = [part for part in bill["components"] if part["purl"].startswith("pkg:pypi/")]
    assert {(part["name"], part["version"]) for part in packages} == set(pins), "run: make sbom"
    assert all(part["hashes"] and part["licenses"][0]["license"]["name"] for part in packages)
