"""The example in docs/analysis/api.md runs as it stands."""

import re
from pathlib import Path

API = Path(__file__).parents[2] / "docs" / "analysis" / "api.md"


def test_the_example_runs_and_prints_a_ranking(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", API.read_text(), re.DOTALL)
    exec(compile(example, str(API), "exec"), {})
    printed = capsys.readouterr().out
    assert "Precision(n=620" in printed
    assert "\n1 p" in printed
