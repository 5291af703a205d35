"""What can go wrong in asking, by name; ``app.errors`` says what each means over HTTP."""

from __future__ import annotations

from datetime import datetime


class SurveyError(Exception):
    """A rule of asking that was not kept; the message has thing, value and remedy."""


class UnknownSurvey(SurveyError):
    """No survey has this name."""


class UnknownWave(SurveyError):
    """No wave has this reference."""


class CannotOpen(SurveyError):
    """A wave may not open; each reason says what must be done first."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class CannotImport(SurveyError):
    """A questionnaire may not take the place of another."""


class WaveClosed(SurveyError):
    """The wave that a draft belongs to takes no more answers."""


class DraftGone(SurveyError):
    """The draft has been sent, has expired or was erased."""


class Crowded(SurveyError):
    """So many responses come from one network that the next must do some work, or wait its turn."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(f"The turn of this submission is at {due_at:%H:%M:%S}.")
        self.due_at = due_at


class TooManyBegun(SurveyError):
    """So many drafts were begun from one network lately that no more are taken from it for a while."""


class Overtaken(SurveyError):
    """The draft was saved from elsewhere since it was read: what was to be kept must be joined to that."""


class UnknownReceipt(SurveyError):
    """No response has this receipt."""


class Frozen(SurveyError):
    """The wave's figures are frozen: a response may still be withdrawn, no longer changed."""


class NotAccepted(SurveyError):
    """The gate found problems in a response."""

    def __init__(self, problems: object) -> None:
        super().__init__(str(problems))
        self.problems = problems
