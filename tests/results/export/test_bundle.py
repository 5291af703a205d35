"""The bundle: scripts that work a run out again from its responses, and codebooks that hide small counts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pandas as pd
import pytest
from flask import Flask
from lxml import html

from app.results.export.contents import hide
from app.surveys import queries, services
from tests.results import waves
from tests.support.r import scripted

pytestmark = pytest.mark.usefixtures("at_the_desk")
DDI = {"d": "ddi:codebook:2_5"}
IN_ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes ExtLink",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe dataKind",
    "method": "dataColl notes anlyInfo stdyClas dataProcessing codingInstructions",
    "dataColl": "timeMeth dataCollector collectorTraining frequenc sampProc sampleFrame targetSampleSize deviat "
    "collMode resInstru instrumentDevelopment sources collSitu actMin ConOps weight cleanOps",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCitation dataFingerprint fileCont fileStrc dimensns fileType",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod universe "
    "TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation "
    "varFormat geoMap catLevel notes",
    "qstn": "preQTxt qstnLit postQTxt forward backward ivuInstr",
    "invalrng": "item range key notes",
    "catgry": "catValu labl txt catStat mrow",
}
"""The order in which DDI-Codebook 2.5 has the children of each element; what is not listed holds text alone."""
ATTRIBUTES = {
    "codeBook": "version lang",
    "labl": "lang",
    "qstnLit": "lang",
    "nation": "abbr",
    "fileDscr": "ID",
    "fileName": "ID",
    "var": "ID name files intrvl wgt wgt-var",
    "range": "UNITS min max",
    "sumStat": "type",
    "catgry": "missing",
    "catStat": "type wgtd wgt-var",
    "varFormat": "type schema",
}
CHOICES = {
    ("var", "intrvl"): {"contin", "discrete"},
    ("var", "wgt"): {"wgt", "not-wgt"},
    ("catgry", "missing"): {"Y", "N"},
    ("catStat", "type"): {"freq", "percent", "crosstab"},
    ("catStat", "wgtd"): {"wgtd", "not-wgtd"},
    ("varFormat", "type"): {"numeric", "character"},
    ("varFormat", "schema"): {"SAS", "SPSS", "IBM", "ANSI", "ISO", "XML-Data", "other"},
    ("sumStat", "type"): {"mean", "medn", "mode", "vald", "invd", "min", "max", "stdev", "other"},
}


def name_of(tag: str) -> str:
    return tag.rpartition("}")[2]


@pytest.fixture(scope="module")
def folder(filled_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked bundle of a consultation, and what its run says to programs."""
    return unpacked(filled_app, "YP-2025", tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def trimmed(filled_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a consultation that few answered who are young or in a minority, so that weights are trimmed."""
    with filled_app.app_context():
        wave = waves.opened(queries.survey_named("your-priorities-your-plan"), "2024")
        seldom = {"16_17": 2, "18_24": 2, "25_34": 2, "asian": 3, "black": 3, "mixed": 3, "other": 3}
        every = [
            (each, seldom.get(each["age_band"], 1), seldom.get(each["ethnic_group"], 1))
            for each in waves.crowd(wave, 700)
        ]
        waves.answered(
            wave, [each for place, (each, age, group) in enumerate(every) if not place % age and not place % group]
        )
    found = unpacked(filled_app, "YP-2024", tmp_path_factory.mktemp("trimmed"))
    assert (found / "replicates.csv").exists()
    return found


@pytest.fixture(scope="module")
def month(filled_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a month, whose measures have means over the months before it."""
    return unpacked(filled_app, "YV-2025-06", tmp_path_factory.mktemp("month"))


def unpacked(app: Flask, wave: str, found: Path) -> Path:
    runner = app.test_cli_runner()
    made = runner.invoke(args=["export", wave, "--format", "zip", "--out", str(found / "out.zip")])
    assert made.exit_code == 0, made.output
    told = runner.invoke(args=["results", wave, "--json", str(found / "run.json")])
    assert told.exit_code == 0, told.output
    with ZipFile(found / "out.zip") as bundle:
        bundle.extractall(found)
    return found


def figures(run: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Walk every figure of a stored run that may be shown, by its name and district."""
    results = run["results"]
    for ranking in results["rankings"]:
        for place in ranking["places"]:
            yield from of_share(f"{ranking['key']}:{place['share']['key']}", place["share"])
    for found in results["distributions"]:
        for share in (*found["shares"], *([found["top_two"]] if found["top_two"] else [])):
            yield from of_share(f"{found['key']}:{share['key']}", share)
    for share in results["means"]:
        yield from of_share(share["key"], share)
    for measure in results["measures"]:
        yield from of_share(measure["key"], measure["share"])
        for name, share in (("quarter", measure["quarter"]), ("year", measure["rolling"])):
            if share:
                yield from of_share(f"{measure['key']}:{name}", share)


def of_share(name: str, share: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for district, figure in {"": share["figure"], **share["districts"]}.items():
        if figure["value"] is not None:
            yield (name, district), figure


@pytest.mark.parametrize(
    ("program", "read"), [("python", "csv"), ("python", "dta"), ("R", "csv"), ("R", "sav"), ("R", "dta")]
)
def test_a_script_reproduces_every_figure_that_the_run_shows(
    folder: Path, trimmed: Path, month: Path, program: str, read: str
) -> None:
    for place in (folder, trimmed, month) if read == "csv" else (trimmed,):
        [file] = place.glob(f"*-SIMULATED.{read}")
        reproduced(place, program, file.name)


def reproduced(folder: Path, program: str, file: str) -> None:
    """Run a script and hold what it finds to the run."""
    words = scripted("reproduce.R") if program == "R" else [sys.executable, "reproduce.py"]
    done = subprocess.run([*words, file], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and f"from {file}" in done.stdout, done.stdout + done.stderr
    table = pd.read_csv(folder / "reproduced.csv", keep_default_na=False)
    again = {(row.figure, row.district): row for row in table.itertuples()}
    (folder / "reproduced.csv").unlink()
    stored = dict(figures(json.loads((folder / "run.json").read_text())))
    assert set(again) == set(stored) and len(stored) > 100
    for name, figure in stored.items():
        row = again[name]
        assert (row.n, row.value, row.low, row.high) == pytest.approx(
            (figure["n"], figure["value"], figure["low"], figure["high"]), abs=1e-6
        ), name


def test_the_scripts_know_nothing_of_the_platform(folder: Path) -> None:
    for name in ("reproduce.py", "reproduce.R"):
        text = (folder / name).read_text()
        assert "from app" not in text and "import app" not in text and "SIMULATED ANSWERS" in text
        assert not re.search(r"\$[a-z]", text)


def test_the_codebook_tells_each_variable_and_its_question(folder: Path) -> None:
    page = html.parse(str(folder / "YP-2025-SIMULATED.html"))
    head = pd.read_csv(folder / "YP-2025-SIMULATED.csv", nrows=1).columns
    assert [each.text_content() for each in page.iterfind(".//h2")] == list(head)
    text = " ".join(page.getroot().text_content().split())
    assert "SIMULATED ANSWERS" in text and "Asked where respondent is resident." in text
    assert "Two or more were chosen" in text or "two or more were chosen in priorities" in text
    assert "fewer than 10" in text and "nan" not in text.lower().split()


def test_no_small_count_stands_in_the_codebook_or_can_be_worked_out(folder: Path) -> None:
    frame = pd.read_csv(folder / "YP-2025-SIMULATED.csv", keep_default_na=False, dtype=str)
    residents = len(frame[frame.apart == "resident"])
    for variable in ElementTree.parse(folder / "YP-2025-SIMULATED.xml").iterfind(".//d:var", DDI):
        counts = [each.find("d:catStat[@type='freq']", DDI) for each in variable.iterfind("d:catgry", DDI)]
        shown = [int(each.text or 0) for each in counts if each is not None]
        assert all(count >= 10 for count in shown)
        left = residents - sum(shown)
        assert not counts or variable.get("intrvl") == "contin" or left == 0 or left >= 10, variable.get("name")


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([50, 20], [False, False]),
        ([50, 20, 4], [False, True, True]),
        ([50, 0], [False, True]),
        ([6, 7, 90], [True, True, False]),
        ([3, 2, 40, 90], [True, True, True, False]),
    ],
)
def test_a_hidden_count_is_never_alone_with_the_total(counts: list[int], hidden: list[bool]) -> None:
    assert hide(counts) == hidden


def test_the_ddi_document_is_built_as_version_2_5_says(folder: Path) -> None:
    root = ElementTree.parse(folder / "YP-2025-SIMULATED.xml").getroot()
    assert root.tag == "{ddi:codebook:2_5}codeBook" and root.get("version") == "2.5"
    assert [each.tag.split("}")[1] for each in root] == ["stdyDscr", "fileDscr", "dataDscr"]
    identities = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(set(identities)) == len(identities)
    for element in root.iter():
        tag, inside = name_of(element.tag), [name_of(each.tag) for each in element]
        assert element.tag.startswith("{ddi:codebook:2_5}")
        assert inside == sorted(inside, key=IN_ORDER.get(tag, "").split().index), tag
        for name, value in element.items():
            assert name_of(name) in ATTRIBUTES.get(tag, "").split(), (tag, name)
            assert value in CHOICES.get((tag, name), {value}), (tag, name, value)
        assert not inside or not (element.text or "").strip()
    for variable in root.iterfind(".//d:var", DDI):
        assert variable.get("files") in identities and variable.get("wgt-var", "V_weight") in identities
        values = [each.findtext("d:catValu", "", DDI) for each in variable.iterfind("d:catgry", DDI)]
        assert len(set(values)) == len(values)
    assert root.find(".//d:var[@name='weight'][@wgt='wgt']", DDI) is not None
    quantity = root.findtext(".//d:varQnty", "", DDI)
    assert int(quantity) == len(root.findall(".//d:var", DDI))


def test_weighted_shares_of_the_codebook_are_those_of_the_run(folder: Path) -> None:
    run = json.loads((folder / "run.json").read_text())
    root = ElementTree.parse(folder / "YP-2025-SIMULATED.xml").getroot()
    found = next(each for each in run["results"]["distributions"] if each["key"] == "outcomes_safeguard")
    variable = root.find(".//d:var[@name='outcomes_safeguard']", DDI)
    assert variable is not None
    told = [each.findtext("d:catStat[@type='percent']", "", DDI) for each in variable.iterfind("d:catgry", DDI)]
    shares = [share["figure"]["value"] for share in found["shares"]]
    assert all(
        float(text) == pytest.approx(100 * share, abs=1e-3)
        for text, share in zip(told, shares, strict=False)
        if text and share is not None
    )


def test_a_bundle_in_urdu_has_urdu_labels(app: Flask, tmp_path: Path, run_command: Callable[..., Any]) -> None:
    wave = waves.opened(services.import_definition(waves.SHIPPED / "your-views.yaml"), "2025-03")
    waves.answered(wave, waves.crowd(wave, 150))
    urdu = queries.definition_of(wave, "ur").question("safe_day")
    runner = app.test_cli_runner()
    for kind in ("ddi", "codebook"):
        words = ["export", "YV-2025-03", "--format", kind, "--language", "ur", "--out", str(tmp_path / kind)]
        assert runner.invoke(args=words).exit_code == 0
        assert urdu and urdu.text in (tmp_path / kind).read_text(encoding="utf-8")
    assert 'lang="ur" dir="rtl"' in (tmp_path / "codebook").read_text(encoding="utf-8")
