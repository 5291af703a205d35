"""What makes a response worth a second look; a flag is a question to a person, never a verdict. Pure."""

from __future__ import annotations

FLAGS = {
    "pace": "Answered in less than a third of the usual time",
    "straight_lining": "The same answer in every row of every grid",
    "identical": "The same in every answer as other responses",
    "burst_event": "Many within minutes at one event",
    "burst_device": "More within minutes on one tablet than it can ask",
    "burst_network": "Many within minutes from one network",
    "surge": "Nearly the same in every answer as many others within minutes",
    "hurried": "Answered faster than anybody can read",
    "trap": "A field that only machines see was filled in",
}
COLUMN = "flag_"
"""Begins the name of each flag's column in files."""
