"""Measures paper: all forms of both surveys, a run of 500 for the printer, and an import of 10,000 rows."""

from __future__ import annotations

import csv
import io
import resource
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from app.fieldwork.paper.contents import FORMATS
from app.fieldwork.paper.forms import Form, Printed
from app.fieldwork.paper.importing import Import
from app.surveys import queries, services
from app.surveys.models import Wave

DEFINITIONS = Path(__file__).resolve().parent.parent / "app" / "surveys" / "definitions"
ROWS = 10_000
ROW = {
    **{"district": "leeds", "age_band": "35_44", "sex": "female", "ethnic_group": "white", "safe_day": "very_safe"},
    **{
        "safe_dark": "a_bit_unsafe",
        "safe_place": "neither",
        "good_job": "good",
        "prevent": "very",
        "partners": "neither",
    },
    **{f"police_statements_{row}": "neither" for row in ("rely_on", "respect", "fairly", "matters", "listen")},
    **{"informed": "dont_know", "contact_police": "no", "victim": "no", "three_things_burglary": "1"},
    **{"anything_else": "More lamps", "equality_gate": "no"},
}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/bench.db", "SECRET_KEY": "bench" * 8})
        with app.app_context():
            upgrade()
            waves = [_opened(name) for name in ("your-priorities-your-plan", "your-views")]
            _forms(waves)
            _run(waves[1])
            _import(waves[1])


def _opened(name: str) -> Wave:
    survey = services.import_definition(DEFINITIONS / f"{name}.yaml")
    return services.open_monthly(survey) if survey.monthly else services.open_wave(survey)


def _forms(waves: list[Wave]) -> None:
    begun, used, count = time.perf_counter(), time.process_time(), 0
    for wave in waves:
        for language in queries.definition_of(wave).languages:
            for style in FORMATS:
                Form(wave, language, style).both(Printed(1, "0000-0000-0000"))
                count += 1
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
    print(f"{count} forms with their layouts: {wall:.1f} s ({cpu:.1f} s of one core)")


def _run(wave: Wave) -> None:
    begun = time.perf_counter()
    form = Form(wave, "en", "a4")
    made = form.run(form.layout(), [Printed(serial, "0000-0000-0000") for serial in range(1, 501)])
    print(f"a run of 500 forms: {time.perf_counter() - begun:.1f} s, {len(made) / 1e6:.1f} MB")


def _import(wave: Wave) -> None:
    row = dict(ROW)
    for question in queries.definition_of(wave).questions:
        if question.key.startswith("topic_"):
            several = question.kind == "several"
            row[f"{question.key}_{question.option_keys[0]}" if several else question.key] = (
                "1" if several else question.option_keys[0]
            )
    for name, content in (("bench.csv", _as_csv(row)), ("bench.xlsx", _as_xlsx(row))):
        begun, used = time.perf_counter(), time.process_time()
        for _ in Import(wave, name, content, "bench").steps():
            pass
        wall, cpu = time.perf_counter() - begun, time.process_time() - used
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"an import of {ROWS:,} rows, {name}: {wall:.1f} s ({cpu:.1f} s of one core), at most {most:.0f} MB")


def _as_csv(row: dict[str, str]) -> bytes:
    written = io.StringIO()
    table = csv.DictWriter(written, list(row))
    table.writeheader()
    table.writerows([row] * ROWS)
    return written.getvalue().encode()


def _as_xlsx(row: dict[str, str]) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet("responses")
    for line, cells in enumerate([list(row), *[list(row.values())] * ROWS]):
        sheet.write_row(line, 0, cells)
    book.close()
    return made.getvalue()


if __name__ == "__main__":
    main()
