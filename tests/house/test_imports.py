"""Who may import whom: the picture in docs/architecture.md, held to."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KINDS = sorted((ROOT / "app" / "surveys" / "kinds").glob("*.py"))
MODULES = sorted((ROOT / "app").rglob("*.py"))
OURS = ["config.py", *(str(path.relative_to(ROOT)) for path in MODULES)]
ROOMS = ("accounts", "surveys", "fieldwork", "comments", "analysis", "results", "demo")


def imports(path: Path) -> Iterator[tuple[int, str, str]]:
    """List what a module imports: line, module and name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.relative_to(ROOT)}:{node.lineno}: write imports in full, from app"
            yield from ((node.lineno, node.module or "", alias.name) for alias in node.names)


def offenders(files: Iterator[Path], *forbidden: str) -> list[str]:
    """List the imports of forbidden modules, by file and line."""
    found = []
    for path in files:
        for line, module, name in imports(path):
            whole = f"{module}.{name}" if name else module
            if any(whole == other or whole.startswith(f"{other}.") for other in forbidden):
                found.append(f"{path.relative_to(ROOT)}:{line} imports {whole}")
    return found


def room(name: str) -> Iterator[Path]:
    return (ROOT / "app" / name).rglob("*.py")


def test_analysis_knows_numbers_only() -> None:
    other = (
        f"app.{name}" for name in (*ROOMS, "database", "clock", "i18n", "security", "errors") if name != "analysis"
    )
    forbidden = (*other, "flask", "flask_sqlalchemy", "flask_babel", "sqlalchemy", "werkzeug", "config")
    assert offenders(room("analysis"), *forbidden) == []


def test_surveys_know_neither_fieldwork_nor_analysis_nor_results() -> None:
    others = ("app.fieldwork", "app.comments", "app.analysis", "app.results", "app.demo")
    assert offenders(room("surveys"), *others) == []


def test_comments_know_no_results_and_results_ask_comments_through_their_queries() -> None:
    assert offenders(room("comments"), "app.results", "app.fieldwork", "app.demo", "app.surveys.services") == []
    closed = (f"app.comments.{name}" for name in ("models", "services", "safeguarding", "reading", "views", "cli"))
    assert offenders(room("results"), *closed) == []


def test_results_ask_surveys_through_their_queries() -> None:
    forbidden = ("app.surveys.services", "app.surveys.views", "app.surveys.forms", "app.surveys.cli", "app.demo")
    assert offenders(room("results"), *forbidden) == []


def test_accounts_know_no_other_room() -> None:
    assert offenders(room("accounts"), *(f"app.{name}" for name in ROOMS if name != "accounts")) == []


def test_catalogues_know_no_room_but_surveys() -> None:
    others = (f"app.{name}" for name in (*ROOMS, "operating", "mail") if name != "surveys")
    assert offenders(room("translating"), *others) == []


PURE = [
    *("definition", "document", "fault", "faults", "consistency", "journey"),
    *(f"kinds/{path.stem}" for path in KINDS),
]


@pytest.mark.parametrize("module", PURE)
def test_the_questionnaire_is_pure(module: str) -> None:
    frameworks = (
        "flask",
        "flask_wtf",
        "flask_babel",
        "sqlalchemy",
        "app.database",
        "app.surveys.models",
        "yaml",
        "config",
    )
    assert offenders(iter([ROOT / "app" / "surveys" / f"{module}.py"]), *frameworks) == []


@pytest.mark.parametrize("name", [name for name in ROOMS if (ROOT / "app" / name).exists()])
def test_no_room_reaches_into_pages_or_commands_from_below(name: str) -> None:
    below = [
        path for path in room(name) if path.stem in ("models", "queries", "services", "errors", "definition", "kinds")
    ]
    doors = [f"app.{other}.{door}" for other in ROOMS for door in ("views", "cli", "staff", "forms")]
    assert offenders(iter(below), *doors) == []


@pytest.mark.parametrize("name", [name for name in ROOMS if (ROOT / "app" / name).exists()])
def test_pages_and_queries_never_commit(name: str) -> None:
    keepers = ("services", "responding", "cli", "audit")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in room(name)
        if path.stem in ("views", "queries", "forms", "pages", "answering", "afterwards", "staff")
        and path.stem not in keepers
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "session.commit(" in line
    ]
    assert found == []


def test_one_file_reads_the_environment() -> None:
    readers = []
    for name in OURS:
        text = (ROOT / name).read_text(encoding="utf-8")
        if any(word in text for word in ("os.environ", "getenv", "environb")):
            readers.append(name)
    assert readers == ["config.py"]


PAGES = """
import sys
from app import create_app
app = create_app({settings!r})
client = app.test_client()
for path in ("/en", "/en/help", "/ur/privacy", "/ur/resume", "/en/nothing-here"):
    assert client.get(path).status_code in (200, 404), path
heavy = ("pandas", "scipy", "numpy", "textblob", "nltk", "pyarrow", "duckdb", "matplotlib", "cv2", "pypdfium2")
print(*sorted(name for name in heavy if name in sys.modules))
"""


def test_a_residents_page_needs_no_statistics(sqlite_url: str) -> None:
    settings = {"SQLALCHEMY_DATABASE_URI": sqlite_url, "SECRET_KEY": "tests"}
    run = subprocess.run(
        [sys.executable, "-c", PAGES.format(settings=settings)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.split() == []


def test_only_the_process_that_reads_scans_loads_image_libraries() -> None:
    apart = {"reader", "opening", "registering", "marks"}
    reading = tuple(f"app.fieldwork.scanning.{name}" for name in apart)
    rest = [path for path in MODULES if path.parent.name != "scanning" or path.stem not in apart]
    assert offenders(iter(rest), "cv2", "pypdfium2", "zxingcpp", *reading) == []
