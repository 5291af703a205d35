"""What the tablet's page says to residents, by key: the bundle sends each text in every language.

The page shows ``interface[language][key]``. A text stands here so that translators find it in the catalogue. What the
gate says, and the answers that stand apart, come with the bundle from ``app.surveys.messages``.
"""

from __future__ import annotations


def _(message: str) -> str:
    """Mark a text for translators; the bundle translates it."""
    return message


FRAME = {
    "product": _("Your say on policing – West Yorkshire"),
    "language": _("Language"),
    "back": _("Back"),
    "way_back": _("Way back"),
    "skip": _("Skip to main content"),
    "police": _(
        "This is not the place to report a crime. In an emergency call %(emergency)s. Otherwise call the police on "
        "%(police)s, or Crimestoppers, without giving your name, on %(crimestoppers)s."
    ),
    "authoritative": _("The English text of this site is the authoritative one."),
    "draft": _("This translation is a draft. A fluent speaker has not reviewed it yet."),
    "help": _("Help and support"),
    "error": _("Error:"),
    "there_is_a_problem": _("There is a problem"),
    "still_there": _("Are you still there?"),
    "closing": _("To keep your answers private, we will close this page soon."),
    "time_left": _("Time left:"),
    "stay": _("Stay on this page"),
    "closed": _("We closed your page to keep your answers private"),
    "nothing_kept": _("Nothing that you entered was kept."),
}
BEGINNING = {
    "choose_language": _("Choose your language"),
    "choose_survey": _("Choose a survey"),
    "no_survey": _("No survey is open at the moment. Come back soon."),
    "minutes": _("How long it takes, in minutes: about %(num)s"),
    "skip_any": _("You can skip any question about yourself by choosing “Prefer not to say”."),
    "stop_any": _("You can stop at any time. Then nothing is kept."),
    "who_sees": _("Who sees your answers"),
    "who_sees_text": _(
        "The Commissioner’s office and the people who work on the survey for it. We do not ask for your name. We do "
        "not keep your postcode or the address of your device. Results are published only for groups of people, never "
        "for one person."
    ),
    "locked": _(
        "Your answers are locked as soon as you send them. Nobody can read them on this tablet, not even the member "
        "of staff who gave it to you."
    ),
    "crimes": _("Some questions name crimes that hurt people"),
    "crimes_text": _(
        "The survey mentions domestic abuse, sexual abuse and “honour” based abuse. You do not have to say anything "
        "about what happened to you."
    ),
    "agree": _(
        "By starting you agree that we use your answers in this way. You can withdraw them later with the code that "
        "you get at the end."
    ),
    "start": _("I agree. Start"),
}
ASKING = {
    "step": _("Step %(step)s of %(steps)s"),
    "next": _("Continue"),
    "optional": _("%(question)s (optional)"),
    "why": _("Why we ask this"),
    "or": _("or"),
    "own_words": _("In your own words"),
    "choose_district": _("Choose your district"),
    "readers": _(
        "Words that you write may be read by staff. If they say that somebody is in danger, staff who are trained for "
        "this may see them sooner, but we do not know who wrote them and cannot send help."
    ),
    "most_characters": _("At most %(most)s characters"),
    "characters_left": _("Characters left: {count}"),
    "characters_over": _("Characters too many: {count}"),
    "chosen": _("Chosen: {count} of %(most)s"),
    "too_many": _("Chosen: {count}. Choose no more than %(most)s."),
    "up": _("Move up: {item}"),
    "down": _("Move down: {item}"),
    "moved": _("{item} is now at place {place} of {places}"),
    "keep_order": _("Keep this order"),
    "order_kept": _("This order is your answer"),
    "clear_order": _("Clear the order"),
    "order_cleared": _("The order is cleared"),
    "stop": _("Stop and erase my answers"),
    "stop_title": _("Do you want to stop?"),
    "stop_text": _("Everything that you entered is erased. Nothing is sent."),
    "stop_yes": _("Erase my answers"),
    "stop_no": _("Keep them and go back"),
}
ENDING = {
    "check": _("Check your answers"),
    "not_sent": _("Nothing has been sent yet."),
    "these_are_right": _("These answers are right. Continue"),
    "change": _("Change"),
    "not_answered": _("Not answered"),
    "send_title": _("Send your answers"),
    "check_again": _("Check all your answers again"),
    "receipt_comes": _(
        "When you send your answers you get a receipt code. With it you can see, change or withdraw them."
    ),
    "send": _("Send"),
    "thanks": _("Thank you. Your answers are safe"),
    "receipt": _("Your receipt code"),
    "receipt_text": _(
        "Write the code down if you may want to see, change or withdraw your answers. We cannot find them without it, "
        "because we do not know who you are. If somebody may look through your things, you need not keep it."
    ),
    "receipt_works": _(
        "They are locked on this tablet until it is online again. Then they are sent, and your code works "
        "at %(address)s."
    ),
    "hand_back": _("Please give the tablet back now."),
    "clears": _("This page clears itself. Seconds left: {count}"),
    "more_time": _("I need more time"),
    "done": _("I am done. Clear this page"),
    "cannot_save": _("Your answers could not be saved"),
    "full": _("This tablet is full. Your answers are not lost: they are still on this screen."),
    "not_saved": _("Something is wrong with this tablet. Your answers are not lost: they are still on this screen."),
    "call_staff": _("Please call the member of staff who gave you the tablet. Do not close this page."),
    "try_again": _("Try again"),
}
TEXTS: dict[str, str] = {**FRAME, **BEGINNING, **ASKING, **ENDING}
