"""Lets Lighthouse judge the start page on a slow phone, in every language: scores, paint, blocking, shift, weight.

``make bench-pages`` runs it; npm fetches Lighthouse, at a fixed version, into a place that is thrown away.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.web import ROOT, flask, serving

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAINT, BLOCKED, SHIFT = "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"
LANGUAGES = ("en", *sorted(path.parent.parent.name for path in ROOT.glob("translations/*/LC_MESSAGES/messages.po")))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = ("--chrome-flags=--headless=new --no-sandbox --disable-gpu", f"--only-categories={','.join(CATEGORIES)}")


def judged(folder: Path, address: str, browser: str) -> dict[str, Any]:
    """Let Lighthouse look once, as a phone on a slow line, and read its report."""
    report = folder / "report.json"
    done = subprocess.run(
        ["npx", "lighthouse", address, "--quiet", "--output=json", f"--output-path={report}", *SWITCHES],
        cwd=folder,
        env={**os.environ, "CHROME_PATH": browser},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"bench-pages: Lighthouse could not judge {address}:\n{done.stderr.strip()[-2000:]}")
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def summary(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Take the best of each figure over the runs, since other work on the machine only slows; count what is fetched."""
    fetched = [entry for entry in _items(reports[0]) if not entry["url"].startswith("data:")]
    return {
        "scores": [round(max(report["categories"][name]["score"] for report in reports) * 100) for name in CATEGORIES],
        "paint": min(report["audits"][PAINT]["numericValue"] for report in reports) / 1000,
        "blocked": min(report["audits"][BLOCKED]["numericValue"] for report in reports),
        "shift": max(report["audits"][SHIFT]["numericValue"] for report in reports),
        "requests": len(fetched),
        "kilobytes": sum(entry["transferSize"] for entry in fetched) / 1000,
    }


def _items(report: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report["audits"]["network-requests"]["details"]["items"]
    return found


def main() -> None:
    """Serve both surveys, judge each language's start page, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not shutil.which("npx") or not browser:
        sys.exit("bench-pages needs npm and chromium. On Debian: apt-get install npm chromium")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "INSTANCE": name, "DATABASE_URL": f"sqlite:///{folder / 'platform.db'}"}
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", LIGHTHOUSE], cwd=name, check=True)
        flask(environment, "db", "upgrade")
        for survey in ("your-views", "your-priorities-your-plan"):
            flask(environment, "survey", "open", f"app/surveys/definitions/{survey}.yaml")
        with serving(environment, "wsgi:app", "/en/your-views") as (port, _, _):
            _print(folder, port, browser, wanted.languages, wanted.runs)


def _print(folder: Path, port: int, browser: str, languages: list[str], runs: int) -> None:
    print("language  performance  accessibility  best practice  SEO  largest paint   blocked  shift  requests  kB")
    for language in languages:
        address = f"http://127.0.0.1:{port}/{language}"
        found = summary([judged(folder, address, browser) for _ in range(runs)])
        speed, access, practice, seo = found["scores"]
        print(
            f"{language:8}  {speed:11}  {access:13}  {practice:13}  {seo:3}  {found['paint']:11.1f} s"
            f"  {found['blocked']:5.0f} ms  {found['shift']:5.3f}  {found['requests']:8}  {found['kilobytes']:2.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
