"""What variables and values that no question asks for are called, in every language that a survey can run in."""

from __future__ import annotations

from app.i18n import lazy as _l

LABELS = {
    "case_id": _l("Number of the row in this file"),
    "wave": _l("Round of the survey"),
    "simulated": _l("Whether the answers are simulated"),
    "channel": _l("How the response came"),
    "assisted": _l("Whether somebody helped to answer"),
    "interpreted": _l("Whether somebody interpreted, on a tablet"),
    "language": _l("Language of the pages"),
    "apart": _l("Whether the response is weighted"),
    "stratum": _l("Stratum of the sample: there is one"),
    "event": _l("Number of the event where the response was given"),
    "cluster": _l("Cluster of the sample: the event, or the response itself"),
    "base_weight": _l("Base weight, before weighting to the Census"),
    "weighting_cell": _l("Number of those who are weighted alike"),
    "weight": _l("Final weight, 1 on average"),
    "margin": _l("Weighting, part %(number)s: %(questions)s"),
    "flag": _l("Marked for a second look: %(why)s"),
    "comment": _l("%(question)s – own words"),
    "decile": _l("Deprivation of the neighbourhood: 1 is the most deprived tenth of England"),
}
FLAGS = {
    "pace": _l("answered very fast"),
    "straight_lining": _l("the same answer in every row"),
    "identical": _l("the same answers as other responses"),
    "burst_event": _l("many within minutes at one event"),
    "burst_device": _l("many within minutes on one tablet"),
    "burst_network": _l("many within minutes from one network"),
}
CHANNELS = {
    "online": _l("Online"),
    "tablet": _l("On a tablet"),
    "paper": _l("On paper"),
    "phone": _l("By phone"),
    "desk": _l("At the desk"),
}
APART = {
    "resident": _l("Resident, weighted"),
    "outside": _l("From outside West Yorkshire, not weighted"),
    "organisation": _l("Organisation, not weighted"),
}
SIMULATED = {"SIMULATED": _l("Simulated answers"), "real": _l("Answers of real people")}
YES_OR_NO = {"0": _l("No"), "1": _l("Yes")}
WRITTEN = _l("Wrote something; the words are left out")
MISSING = {
    "dont_know": _l("Don't know"),
    "prefer_not_to_say": _l("Prefer not to say"),
    "not_asked": _l("Not asked"),
    "not_answered": _l("Not answered"),
    "no_event": _l("Not at an event"),
    "illegible": _l("On paper: cannot be read"),
    "ticked_too_many": _l("On paper: too many ticked"),
    "left_blank": _l("On paper: left blank"),
    "out_of_range": _l("On paper: out of range"),
    "answered_though_not_asked": _l("On paper: answered though not asked"),
}
JOINED_AGES = {"16 to 24": _l("16 to 24")}
"""Categories of the weighting that no question has as one answer."""
