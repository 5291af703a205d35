"""Measure reading comments, and each pattern on what could hold it up: `make bench-text [COMMENTS=100000]`."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import yaml

from app.analysis.text.harm import disclosures
from app.analysis.text.language import languages_of
from app.analysis.text.masking import mask
from app.analysis.text.measuring import DATA, measure, unmarked
from app.analysis.text.names import names
from app.analysis.text.patterns import PATTERNS
from app.analysis.text.pipeline import Comment, read
from app.analysis.text.sentiment import sentiment_of

COMMENTS = int(os.environ.get("COMMENTS") or 100_000)
LONG = 10_000
LIMIT = 0.050  # seconds for one pattern on one comment of 10,000 characters


def pool() -> list[tuple[str, str]]:
    """List what people wrote in the shipped sets, with the language of the form."""
    sets = DATA / "sets"
    sentiment = yaml.safe_load((sets / "sentiment.yaml").read_text())
    english = [text for labels in sentiment.values() for texts in labels.values() for text in texts]
    marked = [unmarked(text)[0] for text in yaml.safe_load((sets / "personal.yaml").read_text())["marked"]]
    harm = [
        (text, path.stem)
        for path in sorted((sets / "harm").glob("*.yaml"))
        for text in yaml.safe_load(path.read_text())["none"]
    ]
    return [(text, "en") for text in [*english, *english, *marked]] + harm


def comments(count: int, seed: int = 1) -> Iterator[Comment]:
    """Draw comments of one to five of the pool's sentences of one language, numbered so that no two are equal."""
    rng = np.random.default_rng(seed)
    texts = pool()
    by_language: dict[str, list[str]] = {}
    for text, code in texts:
        by_language.setdefault(code, []).append(text)
    for number in range(count):
        code = texts[rng.integers(len(texts))][1]
        chosen = [by_language[code][place] for place in rng.integers(len(by_language[code]), size=rng.integers(1, 6))]
        yield Comment(number, f"{' '.join(chosen)} {rng.integers(1, 9999)}", code)


def awkward() -> dict[str, str]:
    """List texts of 10,000 characters on which a careless pattern takes seconds."""
    pieces = {
        "one letter": "a",
        "one digit": "1",
        "digits apart": "1 ",
        "letters and digits": "a1",
        "short words": "ab ",
        "at signs": "a@",
        "dots": "a.",
        "at and dot": "at dot ",
        "spelt digits": "one ",
        "zeros": "0 ",
        "brackets": "(0",
        "plus signs": "+4",
        "titles": "Mr ",
        "capitals": "Ab ",
        "numbers and words": "12 ab ",
        "name is": "name is ",
        "hyphens": "a-",
        "postcodes nearly": "LS1 4A ",
        "house numbers": "12 Abc Def ",
        "Arabic digits": "٠",
        "he hits he": "he hits ",
        "tags": "<b>",
        "emoji": "😀",
        "flats": "flat 1 ",
    }
    return {name: (piece * LONG)[:LONG] for name, piece in pieces.items()} | {"zero-width": "0\u200b7" * (LONG // 3)}


def longest(find: Callable[[str], object]) -> tuple[float, str]:
    """Return the longest time of one function over the awkward texts, the best of three, and the text's name."""
    times = []
    for name, text in awkward().items():
        spent = []
        for _ in range(3):
            start = time.process_time()
            find(text)
            spent.append(time.process_time() - start)
        times.append((min(spent), name))
    return max(times)


def part(name: str, run: Callable[[], object], count: int) -> None:
    """Print what one part costs for each comment."""
    start = time.process_time()
    run()
    print(f"  {name:<12} {1000 * (time.process_time() - start) / count:7.3f} ms of processor a comment")


def held(process: BaseProcess) -> int:
    """Return the most memory a child has held, in MB; its resource usage would count what it was forked from."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def main() -> None:
    """Print figures of the sets, the time of each pattern, of each part, and of all comments together."""
    print("Longest time on 10,000 characters, ms of processor (limit 50 for a pattern):")
    worst = 0.0
    for name, find in [*PATTERNS, ("name", names)]:
        spent, text = longest(lambda text, find=find: list(find(text)))
        worst = max(worst, spent)
        print(f"  {name:<26} {1000 * spent:6.1f}  ({text})")
    for name, whole in (("all of masking", mask), ("possible harm", lambda text: disclosures([text]))):
        spent, text = longest(whole)
        print(f"  {name:<26} {1000 * spent:6.1f}  ({text})")
    print("each pattern within the limit" if worst <= LIMIT else "A PATTERN IS OVER THE LIMIT")
    some = list(comments(2_000, seed=2))
    list(read(some[:500]))  # loads every library and the models of all languages
    print("Parts, once everything is loaded:")
    part("language", lambda: languages_of([one.text for one in some], [one.form_language for one in some]), len(some))
    part("masking", lambda: [mask(one.text) for one in some], len(some))
    part("harm", lambda: disclosures([one.text for one in some]), len(some))
    part("sentiment", lambda: [sentiment_of(one.text, "en") for one in some], len(some))
    start, processor = time.perf_counter(), time.process_time()
    scored = suggested = second = 0
    for number, reading in enumerate(read(comments(COMMENTS))):
        second = max(second, *map(held, active_children()), 0, 0) if number % 5_000 == 0 else second
        scored += reading.sentiment is not None
        suggested += bool(reading.themes)
    spent, used = time.perf_counter() - start, time.process_time() - processor
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + second
    used += children.ru_utime + children.ru_stime
    print(
        f"{COMMENTS:,} comments: {spent:.0f} s on the clock, {used:.0f} s of processor, {peak:.0f} MB in both processes"
    )
    print(f"  {scored:,} scored, {suggested:,} with a theme suggested")
    everything = measure()
    patterned = everything.masking["everything with a pattern"]
    print(
        f"Masking: {patterned.found} of {patterned.of} with a pattern; {Path(DATA).name}/measured.yaml holds the rest"
    )


if __name__ == "__main__":
    main()
