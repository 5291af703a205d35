"""Which answers of a questionnaire are comments, and the words of each as the response holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.surveys.definition import Definition, Question

ENGINE = Path(__file__).resolve().parent.parent / "analysis" / "text"


@dataclass(frozen=True, slots=True)
class Written:
    """One comment as it was written: which response and question, the words, the language of the form."""

    response_id: int
    question: str
    words: str
    form_language: str | None

    @property
    def digest(self) -> str:
        """Digest everything that decides what is made of it: the words, the form's language, the code that reads it."""
        content = "\0".join((self.words, self.form_language or "", engine_version()))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def questions(definition: Definition) -> dict[str, Question]:
    """Find the answers that are comments, with their questions: long texts, and "something else, in your own words".

    A one-line text names something, as an organisation; write-ins of the equality questions say who somebody is.
    """
    long = {each.key: each for each in definition.questions if each.kind == "text" and each.lines > 1}
    other = {
        key: each
        for each in definition.questions
        if each.kind == "several" and any(option.write_in for option in each.options)
        for key in each.behaviour.companions(each)
    }
    return long | other


def written(asked: Mapping[str, Question], rows: Iterable[Any]) -> Iterator[Written]:
    """Walk the comments in stored rows of id, language and answers."""
    for row in rows:
        for key, question in asked.items():
            if words := words_in(row.answers, key, question):
                yield Written(row.id, key, words, row.language)


def words_in(answers: Mapping[str, Any], key: str, question: Question) -> str:
    """Find the words that somebody wrote to a question; none where it was left, or answered "don't know"."""
    answer = answers.get(key)
    if not isinstance(answer, str) or answer in question.behaviour.off_scale(question):
        return ""
    return answer.strip() and answer


@lru_cache
def engine_version() -> str:
    """Digest the code and the lists that read comments: better ones read every comment anew."""
    content = hashlib.sha256()
    for path in sorted(ENGINE.rglob("*")):
        if path.suffix in (".py", ".yaml", ".txt", ".json"):
            content.update(path.name.encode() + path.read_bytes())
    return content.hexdigest()[:16]
