"""Small files for the commands, and a way to run them."""

import json
import random
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from app.results.commands.files import analysis_cli

TARGETS = "variable,category,population\ndistrict,Leeds,600\ndistrict,Bradford,400\nsex,Female,510\nsex,Male,490\n"


def rows(n: int = 200, seed: int = 1) -> list[dict[str, str]]:
    """Make up responses from Leeds and Bradford."""
    draw = random.Random(seed)
    return [
        {
            "id": str(i + 1),
            "district": draw.choices(["Leeds", "Bradford"], [3, 1])[0],
            "sex": draw.choices(["Female", "Male"], [2, 1])[0],
            "burglary": draw.choice("01"),
            "safe": draw.choice("12345"),
            "comment": "fine, thanks",
        }
        for i in range(n)
    ]


def text(responses: list[dict[str, str]]) -> str:
    """Write responses as CSV."""
    lines = [",".join(responses[0])]
    lines += [",".join(f'"{value}"' if "," in value else value for value in row.values()) for row in responses]
    return "\n".join(lines) + "\n"


class Folder:
    """A folder with responses and targets, where commands run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("responses.csv", text(rows()))
        self.write("targets.csv", TARGETS)

    def write(self, name: str, content: str | bytes) -> None:
        file = self.path / name
        file.write_bytes(content) if isinstance(content, bytes) else file.write_text(content, encoding="utf-8")

    def run(self, command: str, *options: str, responses: tuple[str, ...] = ("responses.csv",)) -> Result:
        paths = [str(self.path / name) for name in responses]
        arguments = [command, *paths, "--targets", str(self.path / "targets.csv"), *options]
        return CliRunner().invoke(analysis_cli, arguments, catch_exceptions=False)

    def weigh(self, *options: str) -> Result:
        return self.run("weigh", "--out", str(self.path / "weighted.csv"), "--json", self.json, *options)

    def estimate(self, items: str, *options: str) -> Result:
        return self.run("estimate", "--items", items, "--json", self.json, *options)

    def rank(self, items: str, *options: str) -> Result:
        return self.run("rank", "--items", items, "--json", self.json, *options)

    @property
    def json(self) -> str:
        return str(self.path / "results.json")

    @property
    def results(self) -> Any:
        return json.loads(Path(self.json).read_text())

    @property
    def outputs(self) -> set[str]:
        """Name the files that were not there before."""
        return {file.name for file in self.path.iterdir()} - {"responses.csv", "targets.csv", "later.csv"}
