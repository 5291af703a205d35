"""Staff read, look for, code, quote and unmask comments; what safeguarding holds is nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEvent
from app.comments.models import Comment
from app.database import db
from tests.comments.conftest import WAVE, Say
from tests.support.person import Person

SignIn = Callable[..., Person]
ReadIn = Callable[[], str]
LIST = f"/staff/comments/{WAVE}"
SPEEDING = "Cars speed down our road every night. Ring me on 07700 900123."
HARM = "My husband beats me every week and I am afraid to go home."
URDU = "گاڑیاں بہت تیز چلتی ہیں اور بچوں کے لیے خطرہ ہے۔"


def audit(app: Flask) -> list[str]:
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [f"{event.action} {event.subject} {event.reason}" for event in events]


def test_who_may_not_read_comments_is_told_so(signed_in: SignIn, asking: str) -> None:
    for role in ("officer", "admin", "safeguarding"):
        signed_in(role).visit(LIST, 403)
    for role in ("analyst", "office", "admin"):
        signed_in(role, f"{role}2@example.org").visit("/staff/safeguarding", 403)


def test_a_wave_without_comments_names_the_command(signed_in: SignIn, asking: str) -> None:
    analyst = signed_in("analyst")
    assert f"flask comments {WAVE}" in analyst.visit(LIST).text
    assert f"flask comments {WAVE}" in analyst.visit(f"{LIST}/code").text
    assert "No comment has been coded twice yet" in analyst.visit(f"{LIST}/agreement").text
    assert "Comments" in analyst.visit("/staff/comments").text
    analyst.visit("/staff/comments/XX-1", 404)


def test_comments_are_found_by_words_and_filters_and_what_is_looked_for_is_in_no_address(
    signed_in: SignIn, say: Say, read_in: ReadIn
) -> None:
    say(SPEEDING)
    say("The LAMPS in our street are broken.", district="bradford")
    say(URDU)
    read_in()
    analyst = signed_in("analyst")
    assert "3 comments" in analyst.visit(LIST).text
    for fields, found in (
        ({"words": "lamps"}, ["LAMPS"]),
        ({"words": "lamps speed"}, []),
        ({"words": "07700"}, []),
        ({"words": "بچوں"}, ["گاڑیاں"]),
        ({"words": "100%_"}, []),
        ({"district": "bradford"}, ["LAMPS"]),
        ({"language": "ur"}, ["گاڑیاں"]),
        ({"sentiment": "unscored", "language": "ur"}, ["گاڑیاں"]),
        ({"theme": "speeding", "district": "leeds", "language": "en"}, ["Cars speed"]),
        ({"state": "coded"}, []),
    ):
        page = analyst.visit(LIST) and analyst.press("Find", fields)
        quoted = [quote.text_content() for quote in page.document.iter("blockquote")]
        assert len(quoted) == len(found) and all(words in text for words, text in zip(found, quoted, strict=True)), (
            fields
        )
    assert not [step for step in analyst.trail if "lamps" in step or "%" in step]


def test_a_comment_carries_its_language_and_direction_and_its_markup_is_harmless(
    signed_in: SignIn, say: Say, read_in: ReadIn
) -> None:
    say(URDU)
    say("<img src=x onerror=alert(1)><b>Lamps</b> please mend them \u202e now")
    read_in()
    page = signed_in("analyst").visit(LIST)
    urdu, markup = page.document.iter("blockquote")
    assert (urdu.get("lang"), urdu.get("dir")) == ("ur", "rtl")
    assert markup.xpath(".//img|.//b") == [] and "<b>Lamps</b>" in markup.text_content()


def test_a_held_comment_is_in_no_list_count_or_address_until_it_is_released(
    app: Flask, signed_in: SignIn, say: Say, read_in: ReadIn
) -> None:
    say(SPEEDING)
    say(HARM)
    told = read_in()
    analyst = signed_in("analyst")
    assert "husband" not in analyst.visit(LIST).text and "1 comment" in analyst.page.text
    with app.app_context():
        number = db.session.scalars(select(Comment.id).where(Comment.held)).one()
    analyst.visit(f"{LIST}/{number}", 404)
    analyst.visit(LIST)
    assert "0 comments" in analyst.press("Find", {"words": "husband"}).text
    officer = signed_in("safeguarding")
    officer.visit("/staff/safeguarding")
    assert "Abuse at home" in officer.page.text
    officer.follow("Entry")
    assert "husband beats me" in officer.page.text
    assert officer.submit(outcome="no_disclosure", note="", status=422).errors == ["Write down why, and what was done."]
    officer.submit(outcome="no_disclosure", note="Quoting a film about a husband.")
    assert "Nothing waits" in officer.page.text
    assert "husband" in analyst.visit(f"{LIST}/{number}").text
    read_in()
    assert "2 comments" in analyst.visit(LIST).text
    assert any(entry.startswith("safeguarding.outcome") and "no_disclosure" in entry for entry in audit(app))
    assert "husband" not in " ".join(audit(app)) + told


def test_what_a_reader_hands_over_is_hidden_from_the_reader(signed_in: SignIn, say: Say, read_in: ReadIn) -> None:
    say("Something is very wrong next door.")
    read_in()
    analyst = signed_in("analyst")
    analyst.visit(f"{LIST}/code")
    analyst.press("Hand over to safeguarding")
    assert "wrong next door" not in analyst.visit(LIST).text
    officer = signed_in("safeguarding")
    assert "sent by a member of staff" in officer.visit("/staff/safeguarding").text


def test_unmasking_asks_for_role_fresh_password_and_reason_and_is_audited(
    app: Flask, signed_in: SignIn, say: Say, read_in: ReadIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    say(SPEEDING)
    read_in()
    with app.app_context():
        number = db.session.scalars(select(Comment.id)).one()
    signed_in("analyst").visit(f"{LIST}/{number}/unmask", 403)
    unmasker = signed_in("unmasker")
    unmasker.visit(f"{LIST}/{number}")
    unmasker.follow("See what is masked")
    assert "[phone number]" in unmasker.page.text
    assert "Say why" in unmasker.submit(reason=" ", status=422).errors[0]
    assert "07700 900123" in unmasker.submit(reason="The writer asked to be rung.").text
    assert "no-store" in unmasker.response.headers["Cache-Control"]
    assert audit(app)[-1] == f"comments.unmask {WAVE}, comment {number} The writer asked to be rung."
    assert "900123" not in " ".join(audit(app)) + caplog.text + " ".join(unmasker.trail)
    with unmasker.browser.session_transaction() as session:
        session["fs_paa"] -= 16 * 60
    assert "confirm" in unmasker.visit(f"{LIST}/{number}/unmask").path


def test_coding_goes_from_comment_to_comment_and_refuses_to_guess(
    app: Flask, signed_in: SignIn, say: Say, read_in: ReadIn
) -> None:
    say(SPEEDING)
    say("Thank you for asking me.")
    read_in()
    analyst = signed_in("analyst")
    analyst.visit(f"{LIST}/code")
    assert "Cars speed" in analyst.page.text and "Action on speeding" in analyst.page.text
    refused = analyst.press("Save and next", {}, status=422)
    assert refused.errors == ["Choose at least one theme, or “No theme fits”."]
    analyst.press("Save and next", {"themes": ["speeding", "road_safety"]})
    assert "Thank you for asking" in analyst.page.text and "1 of 2 coded" in analyst.page.text
    analyst.press("Save and next", {"themes": ["none"]})
    assert "Every comment of this wave is coded" in analyst.page.text
    confirmed = analyst.visit(LIST).text
    assert "Themes, confirmed by a person: Road safety; Action on speeding" in confirmed
    assert "confirmed by a person: none fits" in confirmed


def test_a_second_coder_is_blind_and_differences_are_settled(signed_in: SignIn, say: Say, read_in: ReadIn) -> None:
    for number in range(5):
        say(f"Cars speed down our road number {number} every single night.")
    read_in()
    first, second = signed_in("analyst"), signed_in("office")
    first.visit(f"{LIST}/code")
    for _ in range(5):
        first.press("Save and next", {"themes": ["speeding"]})
    assert "Nothing waits for a second coder" in first.visit(f"{LIST}/second").text
    page = second.visit(f"{LIST}/second")
    assert "Suggested by machine" not in page.text and "confirmed" not in page.text
    second.press("Save and next", {"themes": ["road_safety"]})
    assert "Nothing waits" in second.page.text
    text = second.visit(f"{LIST}/agreement").text
    assert "All themes together" in text and "1 of 1 wait to be settled" in text
    second.follow("Settle comment")
    second.submit(themes=["speeding", "road_safety"])
    assert "0 of 1 wait to be settled; 1 settled" in second.page.text


def test_a_quote_needs_a_second_person(app: Flask, signed_in: SignIn, say: Say, read_in: ReadIn) -> None:
    say(SPEEDING)
    read_in()
    picker, reviewer = signed_in("office"), signed_in("approver")
    picker.visit(LIST)
    picker.follow("Comment 1")
    refused = picker.press("Pick this quote", {"words": "Cars never speed"}, status=422)
    assert "Quote only words that stand in the masked comment" in refused.errors[0]
    picker.press("Pick this quote", {"words": "Cars speed down our road every night."})
    assert "somebody else must review it" in picker.visit("/staff/comments/quotes").text
    assert "Somebody" not in picker.post("/staff/comments/quotes/1", {"decision": "approve"}, 422).heading
    reviewer.visit("/staff/comments/quotes")
    assert "Say why" in reviewer.press("Refuse", {}, status=422).errors[0]
    reviewer.press("Approve")
    assert "Reviewed by approver@example.org" in reviewer.page.text
    assert {"quotes.pick", "quotes.approve"} <= {entry.split()[0] for entry in audit(app)}


def test_a_new_version_of_the_frame_leaves_old_codings_as_they_were(
    signed_in: SignIn, say: Say, read_in: ReadIn
) -> None:
    say(SPEEDING)
    read_in()
    analyst = signed_in("analyst")
    analyst.visit(f"{LIST}/code")
    analyst.press("Save and next", {"themes": ["speeding"]})
    analyst.visit("/staff/comments/frame/themes/speeding")
    assert "Say why" in analyst.press("Save as a new version", {"reason": ""}, status=422).errors[0]
    analyst.press("Save as a new version", {"title": "Fast driving", "reason": "Plainer."})
    analyst.visit("/staff/comments/frame/themes/speeding")
    analyst.press("Retire this theme", {"reason": "Part of road safety."})
    assert "Coding frame, version 3" in analyst.page.text and "Retired" in analyst.page.text
    analyst.visit("/staff/comments/frame/add")
    analyst.submit(title="Dogs", group="other", terms="dog, dogs", reason="Many write of them.")
    assert "Dogs" in analyst.page.text
    analyst.visit(LIST)
    analyst.follow("Comment 1")
    assert "frame version 1: Action on speeding" in analyst.page.text
    assert "Themes suggested anew for 1" in read_in()
    assert "Action on speeding" in analyst.visit("/staff/comments/frame/versions/1").text
