"""Writes the codebook as DDI-Codebook 2.5, the XML that data archives read."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, register_namespace

from app.results.export.contents import Entry, Line, entries
from app.results.export.microdata import Microdata
from app.results.export.variables import MEASURE, NUMBER, TEXT

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
FILE = "F1"


def write(data: Microdata, path: Path, shown: str = "") -> None:
    """Write the document."""
    register_namespace("", NAMESPACE)
    root = Element(_tag("codeBook"), {"version": "2.5", LANGUAGE: "en"})
    _study(root, data)
    _file(root, data)
    described = SubElement(root, _tag("dataDscr"))
    for entry in entries(data):
        _variable(described, entry, data.language)
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    element = SubElement(parent, _tag(tag), {key.replace("_", "-"): value for key, value in attributes.items()})
    element.text = readable(text) or None
    return element


def readable(text: str) -> str:
    """Leave out what no XML can hold: control characters other than tabs and line breaks."""
    return "".join(c for c in text if c in "\t\n" or (ord(c) >= 32 and c not in "\ufffe\uffff"))


def _study(root: Element, data: Microdata) -> None:
    study = SubElement(root, _tag("stdyDscr"))
    citation = _add(study, "citation")
    title = _add(citation, "titlStmt")
    _add(title, "titl", f"{data.title} ({data.wave}{', SIMULATED ANSWERS' if data.simulated else ''})")
    _add(title, "IDNo", f"{data.wave}, run {data.run_id}")
    information = _add(study, "stdyInfo")
    _add(information, "abstract", data.definition.about)
    summary = _add(information, "sumDscr")
    _add(summary, "nation", "United Kingdom", abbr="GB")
    _add(summary, "geogCover", "West Yorkshire")
    _add(summary, "universe", "Residents aged 16 and over; others who answered stand apart and are not weighted")
    collection = _add(_add(study, "method"), "dataColl")
    _add(collection, "sampProc", "An open survey: whoever wanted to answer could. It is not a random sample.")
    _add(collection, "collMode", f"Languages: {', '.join(data.definition.languages)}")
    weighted = f"Raked to the Census by scheme {data.scheme.name} {data.scheme.version}; mean 1 over residents."
    _add(collection, "weight", weighted if data.scheme.weights else "Unweighted: every resident has the weight 1.")


def _file(root: Element, data: Microdata) -> None:
    text = _add(_add(root, "fileDscr", ID=FILE), "fileTxt")
    _add(text, "fileName", f"{data.file_stem}.csv", ID=f"{FILE}N")
    dimensions = _add(text, "dimensns")
    _add(dimensions, "caseQnty", str(data.n))
    _add(dimensions, "varQnty", str(len(data.variables)))


def _variable(parent: Element, entry: Entry, language: str) -> None:
    variable = entry.variable
    weights = {"wgt": "wgt"} if variable.name == "weight" else {"wgt_var": "V_weight"}
    continuous = "contin" if variable.kind in (NUMBER, MEASURE) else "discrete"
    found = _add(parent, "var", ID=f"V_{variable.name}", name=variable.name, files=FILE, intrvl=continuous, **weights)
    _labelled(found, variable.label, language)
    if entry.question:
        _add(_add(found, "qstn"), "qstnLit", variable.label).set(LANGUAGE, language)
    if variable.missing:
        codes = [each.code for each in variable.missing]
        _add(_add(found, "invalrng"), "range", UNITS="INT", min=str(min(codes)), max=str(max(codes)))
    if entry.asked_of:
        _add(found, "universe", entry.asked_of)
    if entry.base is not None:
        _add(found, "sumStat", str(entry.base), type="vald")
    if entry.question and entry.question.source:
        _add(found, "txt", f"Source: {entry.question.source}")
    for line in entry.lines:
        _category(found, line, language)
    _add(found, "varFormat", type="character" if variable.kind == TEXT else "numeric", schema="other")


def _labelled(parent: Element, text: str, language: str) -> None:
    _add(parent, "labl", text).set(LANGUAGE, language)


def _category(parent: Element, line: Line, language: str) -> None:
    category = _add(parent, "catgry", missing="Y" if line.missing else "N")
    _add(category, "catValu", str(line.value.code))
    _labelled(category, line.value.label, language)
    if line.n is not None:
        _add(category, "catStat", str(line.n), type="freq")
    if line.share is not None:
        _add(category, "catStat", f"{100 * line.share:.4f}", type="percent", wgtd="wgtd", wgt_var="V_weight")
