"""Use cases of staff who read comments: code, agree, unmask, pick a quote, review one. Each commits once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.comments import frames
from app.comments.errors import NotKept
from app.comments.models import AGREED, APPROVED, FIRST, PICKED, REFUSED, SECOND, CodedTheme, Coding, Comment, Quote
from app.comments.queries import SECOND_CODED
from app.comments.sources import questions, words_in
from app.database import db
from app.surveys import queries as surveys

NONE_FITS = "none"
LONGEST_REASON = 500


def code(comment: Comment, coder: User, chosen: Collection[str], round_: str = FIRST) -> Coding:
    """Keep the themes that somebody gives a comment, under the frame as it is now. Raises NotKept."""
    frame = frames.begin()
    themes = _themes(chosen, frame)
    coding = comment.coding(round_)
    _refuse_other_coder(comment, coding, coder, round_)
    if coding is None:
        coding = Coding(comment_id=comment.id, round=round_)
        db.session.add(coding)
    coding.coder, coding.frame, coding.coded_at = coder, frame.version, clock.now()
    coding.themes = [CodedTheme(theme=key) for key in themes]
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise NotKept("Somebody else has coded this comment at the same moment.") from error
    return coding


def _themes(chosen: Collection[str], frame: frames.CodingFrame) -> list[str]:
    given = [theme.key for theme in frame.open if theme.key in chosen]
    if NONE_FITS in chosen and given:
        raise NotKept("Choose themes, or “No theme fits”, not both.", "themes")
    if not given and NONE_FITS not in chosen:
        raise NotKept("Choose at least one theme, or “No theme fits”.", "themes")
    return given


def _refuse_other_coder(comment: Comment, coding: Coding | None, coder: User, round_: str) -> None:
    first = comment.coding(FIRST)
    if round_ == SECOND and (first is None or first.coder_id == coder.id or comment.id % SECOND_CODED):
        raise NotKept("A second coder codes comments of the sample that somebody else has coded.")
    if round_ == AGREED and comment.coding(SECOND) is None:
        raise NotKept("Two people have not coded this comment yet, so there is nothing to settle.")
    if round_ != AGREED and coding is not None and coding.coder_id != coder.id:
        raise NotKept(f"{coding.coder.email} has coded this comment already.")


def unmask(comment: Comment, reason: str, subject: str = "") -> str:
    """Give the words as they were written, for a reason that the audit log keeps. Raises NotKept."""
    why = _reason(reason, "Say why you need to see what is masked.")
    audit.record("comments.unmask", subject or f"{comment.wave.reference}, comment {comment.id}", why)
    db.session.commit()
    asked = questions(surveys.definition_of(comment.wave))
    return words_in(comment.response.said or {}, comment.question, asked[comment.question])


def pick(comment: Comment, by: User, words: str) -> Quote:
    """Pick masked words of a comment for publication; somebody else must approve them. Raises NotKept."""
    quoted = _spaced(words)
    if not quoted:
        raise NotKept("Enter the words to quote.", "words")
    if quoted not in _spaced(comment.masked):
        raise NotKept("Quote only words that stand in the masked comment, one after another, unchanged.", "words")
    if any(_spaced(each.words) == quoted and each.state != REFUSED for each in comment.quotes):
        raise NotKept("These words have been picked already.", "words")
    picked = Quote(comment_id=comment.id, sealed="", state=PICKED, picked_by=by, picked_at=clock.now(), reason="")
    db.session.add(picked)
    db.session.flush()
    picked.keep(quoted)
    audit.record("quotes.pick", f"{comment.wave.reference}, comment {comment.id}")
    db.session.commit()
    return picked


def review(quote: Quote, by: User, approve: bool, reason: str = "") -> None:
    """Approve or refuse a quote that somebody else has picked. Raises NotKept."""
    if quote.picked_by_id == by.id:
        raise NotKept("You picked this quote: somebody else must review it.")
    if not approve:
        reason = _reason(reason, "Say why it must not be published.")
    quote.state = APPROVED if approve else REFUSED
    quote.reviewed_by, quote.reviewed_at, quote.reason = by, clock.now(), _spaced(reason)[:LONGEST_REASON]
    subject = f"{quote.comment.wave.reference}, comment {quote.comment_id}, quote {quote.id}"
    audit.record("quotes.approve" if approve else "quotes.refuse", subject, quote.reason)
    db.session.commit()


def _reason(typed: str, otherwise: str) -> str:
    why = _spaced(typed)
    if not why:
        raise NotKept(otherwise, "reason")
    if len(why) > LONGEST_REASON:
        raise NotKept(f"This has {len(why)} characters: shorten it to {LONGEST_REASON}.", "reason")
    return why


def _spaced(text: str) -> str:
    return " ".join(text.split())


def disagreements(comments: Iterable[Comment]) -> list[Comment]:
    """List the comments that two coders coded differently and that nobody has settled."""
    return [each for each in comments if not each.coding(AGREED) and differs(each)]


def differs(comment: Comment) -> bool:
    """Say whether the two coders gave different themes."""
    first, second = comment.coding(FIRST), comment.coding(SECOND)
    return first is not None and second is not None and first.keys != second.keys
