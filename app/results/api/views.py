"""The API's addresses, under /api/v1: JSON in, JSON out, and each refusal has a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.roles import anybody
from app.database import db
from app.results import services
from app.results.api import openapi
from app.results.api.errors import Refused
from app.results.api.models import ApiToken
from app.results.api.services import carried
from app.results.commands import exports
from app.results.models import AnalysisRun
from app.surveys import queries
from app.surveys.errors import UnknownWave
from app.surveys.models import Wave

api = Blueprint("api", __name__, url_prefix="/api/v1")
LONGEST_NAME = 60
TOKEN = anybody("programs sign in by a token in the header, which each view asks for itself")


@api.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    """Say by name why there is no answer."""
    answer = jsonify(error={"code": error.code, "message": str(error)})
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = f'Bearer error="{error.code}"'
    return answer, error.status


@api.errorhandler(UnknownWave)
def unknown_wave(error: UnknownWave) -> ResponseReturnValue:
    """Say that there is no such wave; those that there are, are in the list of runs, as far as a token opens them."""
    name = (request.view_args or {}).get("reference", "")[:LONGEST_NAME]
    known = url_for(".newest")
    return refused(Refused(404, "wave_unknown", f"There is no wave {name!r}. {known} lists those that there are."))


@api.get("/openapi.json")
@anybody("it describes the API and holds no figure")
def description() -> ResponseReturnValue:
    """Describe the API."""
    return jsonify(openapi.document(request.host_url.rstrip("/")))


@api.get("/runs")
@TOKEN
def newest() -> ResponseReturnValue:
    """List the newest run of each wave that the token opens."""
    token = _token()
    return jsonify(runs=_listed(run for run in services.newest().values() if _opens(token, _wave_of(run))))


@api.get("/waves/<reference>/runs")
@TOKEN
def of_wave(reference: str) -> ResponseReturnValue:
    """List all runs of a wave."""
    token = _token()
    wave = queries.wave_named(reference)
    _refuse_other_survey(token, wave)
    runs = select(AnalysisRun).where(AnalysisRun.wave_id == wave.id).order_by(AnalysisRun.id.desc())
    return jsonify(runs=_listed(db.session.scalars(runs)))


@api.get("/runs/<int(max=2147483647):number>")
@TOKEN
def one(number: int) -> ResponseReturnValue:
    """Give one run: its inputs and every figure that may be shown."""
    token = _token()
    run = db.session.get(AnalysisRun, number)
    if run is None:
        raise Refused(404, "run_unknown", f"There is no run {number}.")
    _refuse_other_survey(token, _wave_of(run))
    return jsonify({"run": run.id, **exports.document(run)})


@api.get("/<path:rest>")
@anybody("nothing is there, and programs are told so in JSON")
def nothing(rest: str) -> ResponseReturnValue:
    """Say in JSON that there is nothing here."""
    raise Refused(404, "not_found", f"There is nothing here. {url_for('.description')} lists what there is.")


def _token() -> ApiToken:
    return carried(request.headers.get("Authorization", ""))


def _wave_of(run: AnalysisRun) -> Wave:
    return db.session.get_one(Wave, run.wave_id)


def _opens(token: ApiToken, wave: Wave) -> bool:
    return token.survey in ("", wave.survey.slug)


def _refuse_other_survey(token: ApiToken, wave: Wave) -> None:
    if not _opens(token, wave):
        raise Refused(403, "token_out_of_scope", f"This token opens {token.survey} only.")


def _listed(runs: Iterable[AnalysisRun]) -> list[dict[str, Any]]:
    return [
        {
            "run": run.id,
            "wave": run.inputs["wave"],
            "simulated": run.inputs["simulated"],
            "made_at": run.made_at.isoformat(),
            "cut_off": run.cut_off.isoformat(),
            "url": url_for(".one", number=run.id),
        }
        for run in runs
    ]


from app.results.api import released  # noqa: E402, F401  (its addresses belong to this blueprint)
