"""Lists the licences of what the platform is built on, from the packages' own metadata: ``make licences``."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([\w.-]+)(?:\[[^]]*])?==([^\s;\\]+)", re.MULTILINE)
INTRODUCTION = """# What others gave

The platform stands on the work of many people. `make licences` writes this list from the metadata of the locked
packages; each package carries the full text of its licence. Nothing here is changed by us.
"""

DATA = """
## Pictures in Easy Read forms

Noto Emoji by Google, Apache License 2.0: the SVG files in `app/fieldwork/paper/pictures`, as in the npm package
`@iconify-json/noto` 1.2.9, with the licence beside them.

## Data

Census 2021, postcodes and indices of deprivation: ONS and MHCLG, under the Open Government Licence v3.0. Contains OS
data © Crown copyright and database right. Contains Royal Mail data © Royal Mail copyright and database right.
"""


def pins(name: str) -> dict[str, str]:
    """Read a lock file: versions by package."""
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def licence(package: str) -> str:
    """Find the licence of an installed package: its expression, else its classifier, else what it says."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return "see the package (used on other systems only)"
    classifiers = [
        line.split("::")[-1].strip() for line in told.get_all("Classifier") or () if line.startswith("License ::")
    ]
    said = (told.get("License") or "").strip().splitlines()
    named = [name for name in classifiers if name != "OSI Approved"]
    return told.get("License-Expression") or ", ".join(named) or (said[0][:80] if said else "see the package")


def table(rows: list[tuple[str, str, str]]) -> str:
    """Draw a table of package, version and licence."""
    lines = [f"| {name} | {version} | {terms} |" for name, version, terms in rows]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *lines])


def bundled() -> list[tuple[str, str, str]]:
    """List what the style sheets, scripts and fonts are built from."""
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    wanted = lock["packages"][""]
    direct = sorted({**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})})
    found = [(name, lock["packages"][f"node_modules/{name}"]) for name in direct]
    return [(name, entry["version"], entry.get("license", "see the package")) for name, entry in found]


def document() -> str:
    """Write the whole list."""
    used, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    parts = [INTRODUCTION, "## In use\n", table([(name, version, licence(name)) for name, version in used.items()])]
    parts += ["\n## In the style sheets, scripts and fonts\n", table(bundled())]
    parts += [DATA]
    only_tests = {name: version for name, version in tested.items() if name not in used}
    parts += [
        "\n## For development only\n",
        table([(name, version, licence(name)) for name, version in only_tests.items()]),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    print(document())
