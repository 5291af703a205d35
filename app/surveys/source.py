"""Reads a questionnaire file: YAML in, a document out, every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.surveys.fault import Path as Parts
from app.surveys.faults import faults

LARGEST_FILE = 1_000_000
DEEPEST = 20


class DefinitionFaults(ValueError):
    """A questionnaire that cannot be used; each fault says file, line, problem and remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Source:
    """A document and the line on which each of its parts stands."""

    name: str
    document: Any
    lines: dict[Parts, int]

    def at(self, path: Parts) -> str:
        """Name the place of a path as file:line, or that of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name}:{self.lines.get(path, 1)}"


class _Loader(yaml.SafeLoader):
    """YAML with the scalars of its 1.2 core, so that the option ``no`` stays a word."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?[0-9]+$", "-0123456789"),
    ("float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))

FLAGS = frozenset({"together", "after_check", "required", "dont_know", "prefer_not_to_say", "shuffle", "write_in"})


def load(path: Path) -> dict[str, Any]:
    """Read a questionnaire file; raise DefinitionFaults with a line for everything that is wrong with it."""
    source = read(path)
    found = [f"{source.at(fault.path)}: {fault.problem}. Remedy: {fault.remedy}." for fault in faults(source.document)]
    if found:
        raise DefinitionFaults(found)
    document: dict[str, Any] = source.document
    return document


def read(path: Path) -> Source:
    """Parse a YAML file with the line of each part; raise DefinitionFaults where it is not readable YAML."""
    name = path.name
    lines: dict[Parts, int] = {}
    try:
        text = _text(path)
        if text.startswith("\ufeff"):
            text = text[1:]
        _look_through(name, text)
        node = yaml.compose(text, Loader=_Loader)
        document = _value(name, node, (), lines) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        remedy = "mend the line; a text with signs such as ? : # or , goes in quotes"
        raise DefinitionFaults([f"{name}:{line}: This is not YAML: {error.problem}. Remedy: {remedy}."]) from None
    except yaml.YAMLError as error:
        fault = f"{name}:1: This is not YAML: {_first_line(error)}. Remedy: save it as UTF-8 text."
        raise DefinitionFaults([fault]) from None
    return Source(name, document, lines)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DefinitionFaults([f"{path.name}:1: The file is over 1 MB. Remedy: is it a questionnaire?"])
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise DefinitionFaults([f"{path}: The file can't be read: {reason}. Remedy: check the path."]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DefinitionFaults([f"{path.name}:{line}: This is not UTF-8. Remedy: save the file as UTF-8."]) from None


def _look_through(name: str, text: str) -> None:
    """Refuse aliases, and a depth that no questionnaire has, before either can cost time or memory."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise DefinitionFaults([f"{name}:{line}: The file is nested too deeply. Remedy: see the format."])
        if getattr(event, "tag", None) and isinstance(event, yaml.NodeEvent) and not _is_implied(event):
            fault = f"{name}:{line}: Tags such as !!int are not part of the format. Remedy: remove it."
            raise DefinitionFaults([fault])
        if getattr(event, "anchor", None):
            fault = f"{name}:{line}: Anchors and aliases are not part of the format. Remedy: write it out."
            raise DefinitionFaults([fault])


def _is_implied(event: yaml.NodeEvent) -> bool:
    implicit = getattr(event, "implicit", True)
    return any(implicit) if isinstance(implicit, tuple) else bool(implicit)


def _value(name: str, node: yaml.Node, path: Parts, lines: dict[Parts, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(name, node, path, lines))
    if isinstance(node, yaml.SequenceNode):
        return [_value(name, item, (*path, position), lines) for position, item in enumerate(node.value)]
    return _scalar(node, path)


def _pairs(name: str, node: yaml.MappingNode, path: Parts, lines: dict[Parts, int]) -> Iterator[tuple[str, Any]]:
    seen = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise DefinitionFaults([f"{name}:{line}: An attribute has a plain name. Remedy: mend the line."])
        if key.value in seen:
            raise DefinitionFaults([f"{name}:{line}: {key.value!r} stands twice here. Remedy: remove one."])
        seen.add(key.value)
        yield key.value, _value(name, value, (*path, key.value), lines)
        lines[(*path, key.value)] = line


def _scalar(node: yaml.Node, path: Parts) -> Any:
    value = node.value
    if path and path[-1] in FLAGS and value in ("yes", "no"):
        return bool(value == "yes")
    match node.tag.rpartition(":")[2]:
        case "bool":
            return bool(value == "true")
        case "int":
            return int(value[:20])
        case "float":
            return float(value)
        case "null":
            return None
    return value
