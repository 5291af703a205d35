"""The template files of a survey: its columns as CSV, and as XLSX with lists of the answers that each column takes."""

from __future__ import annotations

import csv
import io

from app.fieldwork.paper.columns import ABOUT, columns_of, of_question, takes
from app.surveys.definition import Definition


def as_csv(definition: Definition, wave: str) -> bytes:
    """Write the heading in UTF-8, with a byte order mark for Excel."""
    written = io.StringIO()
    csv.writer(written).writerow(columns_of(definition))
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(definition: Definition, wave: str) -> bytes:
    """Write a workbook: the sheet to fill in, with lists to choose from, and what each column takes."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
    sheet, about, lists = book.add_worksheet("responses"), book.add_worksheet("columns"), book.add_worksheet("lists")
    columns = columns_of(definition)
    sheet.set_column(0, len(columns) - 1, 18, text)
    sheet.write_row(0, 0, columns, bold)
    sheet.freeze_panes(1, 0)
    about.write_row(0, 0, ("column", "question", "takes"), bold)
    described = [*((name, "How it came", "") for name in ABOUT), *_described(definition)]
    for line, row in enumerate(described, start=1):
        about.write_row(line, 0, row)
    own = [("wave", [wave]), ("language", list(definition.languages))]
    for place, (column, listed) in enumerate([*own, *_lists(definition)]):
        lists.write_column(0, place, [column, *listed])
        last = xlsxwriter.utility.xl_rowcol_to_cell(len(listed), place, row_abs=True, col_abs=True)
        first = xlsxwriter.utility.xl_rowcol_to_cell(1, place, row_abs=True, col_abs=True)
        at = columns.index(column)
        sheet.data_validation(1, at, 10_000, at, {"validate": "list", "source": f"=lists!{first}:{last}"})
    book.close()
    return made.getvalue()


def _described(definition: Definition) -> list[tuple[str, str, str]]:
    return [
        (column, question.text, ", ".join(takes(question, column)))
        for question in definition.questions
        for column in of_question(question)
    ]


def _lists(definition: Definition) -> list[tuple[str, list[str]]]:
    found = [(column, takes(question, column)) for question in definition.questions for column in of_question(question)]
    return [(column, each) for column, each in found if each]
