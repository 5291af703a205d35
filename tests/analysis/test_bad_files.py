"""What is wrong with a file is named, with its value and what to do; nothing is left behind."""

import re

import pytest

from tests.analysis import files

HEADER = "id,district,sex,burglary,safe,comment\n"


@pytest.fixture
def folder(tmp_path):
    return files.Folder(tmp_path)


def refused(result, folder, *said):
    """Check a refusal: exit code 2, every word on standard error, no output."""
    assert result.exit_code == 2, result.output
    for words in said:
        assert words in result.stderr
    assert result.stderr.count("\n") >= 2
    assert "Traceback" not in result.stderr
    assert folder.outputs == set()


def with_targets(folder, old, new):
    folder.write("targets.csv", files.TARGETS.replace(old, new))
    return folder.weigh()


def with_responses(folder, responses):
    folder.write("responses.csv", responses if isinstance(responses, (str, bytes)) else files.text(responses))
    return folder.weigh()


@pytest.mark.parametrize("content", ["", "\n\n", HEADER])
def test_an_empty_file(folder, content):
    refused(with_responses(folder, content), folder, "responses.csv")


def test_one_row(folder):
    refused(with_responses(folder, files.rows(1)), folder, "1 response", "at least two")


def test_ragged_rows_too_short_and_too_long(folder):
    for wrong in ("9001,Leeds,Female\n", "9001,Leeds,Female,1,2,x,y,z\n"):
        refused(
            with_responses(folder, files.text(files.rows()) + wrong),
            folder,
            "Line 202",
            "fields where the header has 6",
        )


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding(folder, encoding):
    content = files.text(files.rows()).replace("fine", "café").encode(encoding)
    refused(with_responses(folder, content), folder, "not UTF-8", "Save it as CSV UTF-8")


def test_another_encoding_that_has_no_mark(folder):
    refused(with_responses(folder, files.text(files.rows()).encode("utf-16-le")), folder, "Line 1", "not UTF-8")


@pytest.mark.parametrize(("mark", "said"), [(";", "semicolons"), ("\t", "tabs")])
def test_columns_that_no_comma_separates(folder, mark, said):
    refused(with_responses(folder, files.text(files.rows()).replace(",", mark)), folder, "Line 1", said, "commas")


def test_targets_without_rows(folder):
    folder.write("targets.csv", "variable,category,population\n")
    refused(folder.weigh(), folder, "targets.csv", "no rows", "Give the rows")


def test_a_duplicated_id(folder):
    responses = files.rows()
    responses[150]["id"] = "7"
    refused(with_responses(folder, responses), folder, "Id '7'", "lines 8 and 152")


def test_a_blank_id(folder):
    responses = files.rows()
    responses[2]["id"] = " "
    refused(with_responses(folder, responses), folder, "Line 4", "id is blank")


def test_no_id_column(folder):
    refused(with_responses(folder, files.text(files.rows()).replace("id,", "number,", 1)), folder, "Column 'id'")


def test_a_missing_variable(folder):
    refused(with_targets(folder, "sex,", "gender,"), folder, "Column 'gender'", "'district'")


def test_a_missing_item_breakdown_or_cluster(folder):
    refused(folder.estimate("robbery"), folder, "Column 'robbery'")
    refused(folder.estimate("burglary", "--by", "ward"), folder, "Column 'ward'")
    refused(folder.estimate("burglary", "--cluster", "event"), folder, "Column 'event'")


def test_a_repeated_column(folder):
    refused(
        with_responses(folder, files.text(files.rows()).replace("comment", "sex", 1)), folder, "'sex' more than once"
    )


def test_a_weight_column_that_is_there_already(folder):
    refused(
        with_responses(folder, files.text(files.rows()).replace("comment", "weight", 1)),
        folder,
        "'weight'",
        "there already",
    )


def test_an_unknown_category(folder):
    responses = files.rows()
    responses[5]["district"] = "York"
    refused(with_responses(folder, responses), folder, "'York' of district", "'Leeds', 'Bradford'")


def test_a_missing_target(folder):
    refused(with_targets(folder, "Leeds,600", "Leeds,"), folder, "'Leeds'", "missing")


def test_a_crossing_without_one_combination(folder):
    crossing = "district*sex,Leeds*Female,300\ndistrict*sex,Leeds*Male,300\ndistrict*sex,Bradford*Female,400\n"
    folder.write("targets.csv", "variable,category,population\n" + crossing)
    refused(folder.weigh(), folder, "'Bradford*Male'", "no population")


@pytest.mark.parametrize(
    ("population", "said"),
    [
        ("0", "zero"),
        ("-600", "below zero"),
        ("many", "not a number"),
        ("6_00", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
    ],
)
def test_a_target_that_is_no_population(folder, population, said):
    refused(with_targets(folder, "Leeds,600", f"Leeds,{population}"), folder, "'Leeds'", said)


def test_a_repeated_target(folder):
    refused(with_targets(folder, "Leeds,600", "Leeds,600\ndistrict, leeds ,600"), folder, "more than once")


def test_a_target_for_the_unknown(folder):
    refused(with_targets(folder, "Leeds,600", "Leeds,600\ndistrict,Prefer not to say,5"), folder, "Remove this target")


def test_totals_that_differ(folder):
    refused(with_targets(folder, "Leeds,600", "Leeds,640"), folder, "1,040 and 1,000", "0.1%")


def test_a_category_that_nobody_is_in(folder):
    refused(with_targets(folder, "Leeds,600", "Leeds,500\ndistrict,Wakefield,100"), folder, "nobody is in 'Wakefield'")


def test_one_district_asked_to_speak_for_all(folder):
    responses = [{**row, "district": "Leeds"} for row in files.rows()]
    refused(with_responses(folder, responses), folder, "'Leeds'", "speak for all 2")


def test_margins_that_conflict(folder):
    crossing = "".join(
        f"district*sex,{cell},{n}\n"
        for cell, n in {"Leeds*Female": 200, "Leeds*Male": 100, "Bradford*Female": 310, "Bradford*Male": 390}.items()
    )
    folder.write("targets.csv", files.TARGETS + crossing)
    refused(folder.weigh(), folder, "district and district*sex", "'Leeds' at 60.00% and 30.00%")


def test_margins_that_conflict_with_who_answered(folder):
    responses = [{**row, "sex": "Female" if row["district"] == "Leeds" else "Male"} for row in files.rows()]
    refused(with_responses(folder, responses), folder, "Margin ", "sweeps", "Nothing is published")


def test_a_cap_that_cannot_hold_names_the_one_that_can(folder):
    refused(folder.weigh("--cap", "1.01"), folder, "smallest cap that can hold is", "Set the cap to")


@pytest.mark.parametrize("seed", range(4))
def test_the_cap_that_is_named_holds_and_a_lower_one_does_not(folder, seed):
    folder.write("responses.csv", files.text(files.rows(150, seed)))
    said = folder.weigh("--cap", "1.01").stderr
    named = re.findall(r"can hold is ([\d.]+\d)", said) + re.findall(r"Set the cap to ([\d.]+\d)", said)
    assert float(named[0]) == float(named[1])
    refused(folder.weigh("--cap", f"{float(named[0]) - 0.0002:.4f}"), folder, f"can hold is {named[0]}")
    assert folder.weigh("--cap", named[0]).exit_code == 0
    assert folder.results["largest_weight"] <= float(named[0]) * (1 + 1e-6)


@pytest.mark.parametrize("cap", ["0", "1", "-3", "nan", "five"])
def test_a_cap_that_is_none(folder, cap):
    refused(folder.weigh("--cap", cap), folder, "ap")


def test_an_item_that_is_all_unknown(folder):
    folder.write("responses.csv", files.text([{**row, "safe": ""} for row in files.rows()]))
    refused(folder.estimate("good=safe:4|5"), folder, "Item good", "nobody answered")
    refused(folder.rank("burglary,good=safe:4|5"), folder, "Item good", "nobody answered")


def test_an_item_that_is_no_number(folder):
    refused(folder.estimate("comment"), folder, "'fine, thanks'", "comment=comment:")


@pytest.mark.parametrize(
    "items", ["", ",", "x=safe", "=safe:1", "x=:1", "x=safe:|", "burglary,burglary", "x=safe:1|prefer not to say"]
)
def test_items_that_say_nothing(folder, items):
    refused(folder.estimate(items), folder, "Item")


def test_a_ranking_of_one_or_of_what_is_no_yes_or_no(folder):
    refused(folder.rank("burglary"), folder, "at least two")
    refused(folder.rank("burglary,safe"), folder, "Item safe", "yes / no")
    refused(folder.rank("burglary,good=safe:4|5", "--top", "3"), folder, "3 of 2")


def test_an_item_that_is_constant_is_estimated_and_said_so(folder):
    folder.write("responses.csv", files.text([{**row, "burglary": "1"} for row in files.rows()]))
    result = folder.estimate("burglary")
    assert result.exit_code == 0
    assert "everybody in the base" in result.stderr
    (estimate,) = folder.results["estimates"]
    assert (estimate["value"], estimate["standard_error"], estimate["high"]) == (1, 0, 1)
    assert 0.9 < estimate["low"] < 1


def test_a_priority_that_nobody_chose_is_last_and_not_published(folder):
    result = folder.rank("burglary,good=safe:4|5,radicalisation=safe:9")
    assert result.exit_code == 0
    assert "nobody answered '9'" in result.stderr
    last = folder.results["ranks"][-1]
    assert (last["item"], last["share"], last["rank"], last["publishable"]) == ("radicalisation", 0, 3, False)


def test_a_hundred_categories_are_weighed_or_named(folder):
    responses = [{**row, "district": f"Area {i % 100}"} for i, row in enumerate(files.rows(3000))]
    targets = "".join(f"district,Area {i},{100 + i}\n" for i in range(100))
    folder.write("targets.csv", "variable,category,population\n" + targets)
    result = with_responses(folder, responses)
    assert result.exit_code == 0
    assert result.stderr.count("\n") <= 3
    assert folder.estimate("burglary", "--by", "district").exit_code == 0
    assert len(folder.results["estimates"]) == 101


def test_a_breakdown_by_something_different_for_each_row(folder):
    folder.write("responses.csv", files.text(files.rows(1500)))
    refused(folder.estimate("burglary", "--by", "id"), folder, "more than 1000 different values")


@pytest.mark.parametrize("population", ["1e300", "1e-300"])
def test_weights_that_would_overflow(folder, population):
    refused(
        with_targets(folder, "Leeds,600\ndistrict,Bradford,400", f"Leeds,{population}\ndistrict,Bradford,1000"),
        folder,
        "eigh",
    )


def test_formula_text_in_a_cell_is_disarmed_and_numbers_are_not(folder):
    responses = files.rows()
    responses[0]["comment"] = "=HYPERLINK(1)"
    responses[1]["comment"] = "-5"
    responses[2]["comment"] = "@SUM(A1)"
    result = with_responses(folder, responses)
    assert result.exit_code == 0
    assert "2 cells" in result.stderr
    written = (folder.path / "weighted.csv").read_text().splitlines()
    assert ",'=HYPERLINK(1)," in written[1]
    assert ",-5," in written[2]
    assert ",'@SUM(A1)," in written[3]


def test_formula_text_in_a_variable_is_an_unknown_category(folder):
    responses = files.rows()
    responses[0]["district"] = "=1+1"
    refused(with_responses(folder, responses), folder, "'=1+1' of district")


def test_a_quotation_mark_that_never_closes(folder):
    opened = files.text(files.rows(3)) + '9001,Leeds,Female,1,2,"oh\n' + "9002,Leeds,Male,0,2,ah\n" * 5
    refused(with_responses(folder, opened), folder, "Line 5 of responses.csv", "quotation marks")


def test_too_many_unknown(folder):
    responses = [{**row, "sex": "" if i < 50 else row["sex"]} for i, row in enumerate(files.rows())]
    refused(with_responses(folder, responses), folder, "Margin sex", "25.0%", "above the limit of 20%")
    assert folder.weigh("--unknown-limit", "none").exit_code == 0


def test_a_targets_file_without_its_columns(folder):
    folder.write("targets.csv", "variable,category,count\nsex,Female,1\n")
    refused(folder.weigh(), folder, "Column 'population'")


def test_an_output_that_cannot_be_written(folder):
    missing = str(folder.path / "nowhere" / "w.csv")
    refused(folder.run("weigh", "--out", missing), folder, "folder is not there")
    refused(folder.run("weigh", "--out", str(folder.path / "responses.csv")), folder, "Choose another name")


def test_control_characters_stay_out_of_the_terminal(folder):
    responses = files.rows()
    responses[0]["district"] = "\x1b[31mYork"
    result = with_responses(folder, responses)
    refused(result, folder, "York")
    assert "\x1b" not in result.stderr


def test_waves_with_an_item_that_one_of_them_lacks(folder):
    folder.write("later.csv", files.text([{**row, "safe": ""} for row in files.rows()]))
    result = folder.run(
        "compare", "--items", "good=safe:4|5", "--json", folder.json, responses=("responses.csv", "later.csv")
    )
    refused(result, folder, "Item good")


@pytest.mark.parametrize(
    ("change", "said"), [({"district": "Luton"}, "Luton"), ({"burglary": "NA"}, "Leave it blank where it is unknown")]
)
def test_what_is_wrong_with_one_of_two_waves_is_said_with_its_file(folder, change, said):
    later = files.rows()
    later[7] |= change
    folder.write("later.csv", files.text(later))
    compared = ("compare", "--items", "burglary", "--json", folder.json)
    result = folder.run(*compared, responses=("responses.csv", "later.csv"))
    refused(result, folder, "in later.csv: ", said)


def test_a_line_that_never_ends(folder):
    refused(with_responses(folder, "id" + "x" * (1 << 24)), folder, "longer than", "CSV file")
