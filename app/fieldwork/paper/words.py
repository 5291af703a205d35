"""What a form says beside its questions, in the language of the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from babel.lists import format_list
from flask import current_app

from app import i18n
from app.i18n import lazy as _l

TEXTS: dict[str, Any] = {
    # Translators: printed on paper, as all texts that follow. "Question 7"; the number is in digits.
    "question": _l("Question %(number)s"),
    # Translators: %(answers)s is one answer or several in quotation marks, as: “No” or “Don't know”.
    "jump_if": _l("If %(answers)s, go to question %(number)s."),
    "end_if": _l("If %(answers)s, go to the end of the form."),
    "stop_if": _l("If %(answers)s, please stop here."),
    "jump": _l("Now go to question %(number)s."),
    "end": _l("Now go to the end of the form."),
    "only_one": _l("Answer question %(first)s only if you answered %(answers)s to question %(number)s."),
    "only_some": _l("Answer questions %(first)s to %(last)s only if you answered %(answers)s to question %(number)s."),
    "tick_one": _l("Tick one box."),
    "tick_some": _l("Tick each box that applies."),
    "tick_most": _l("Tick no more than %(most)s boxes."),
    "tick_rows": _l("Tick one box in each row."),
    # Translators: beside each box stands a digit or a letter. It is written into empty squares, top choice first.
    "write_order": _l("Write the number or letter of your choices here. Start with the most important."),
    "write_number": _l("Write a number."),
    "write": _l("Please write here:"),
    "area": _l("Choose your district."),
    "optional": _l("You can leave this question out."),
    "how": _l("How to fill in this form"),
    "pen": _l("Use a black or blue pen. Put a tick or a cross in the box beside your answer."),
    "mistake": _l("If you make a mistake, fill in the whole box, then tick the right one."),
    "helped": _l("Somebody may help you to read or write. The answers must be yours."),
    "skip": _l("You can skip any question about yourself by choosing “Prefer not to say”."),
    "back": _l("How to return this form"),
    "hand_back": _l("Give it to the person who handed it to you, or post it to:"),
    "draft": _l("Draft, to be confirmed before launch"),
    "receipt": _l("Your receipt code"),
    "slip": _l("Cut here and keep this slip"),
    # Translators: %(address)s is an address on the web.
    "slip_web": _l("With this code you can see, change or withdraw your answers: %(address)s"),
    "slip_post": _l("Without the internet: to withdraw your answers, send this slip to:"),
    "thanks": _l("Thank you. This is the end of the form."),
    "side": _l("Side %(side)s of %(sides)s"),
    # Translators: an answer that is repeated inside a sentence, in your language's quotation marks.
    "quoted": _l("“%(answer)s”"),
    "privacy": _l("How we look after your answers"),
    "support": _l("Help and support"),
    "who": _l("Who asks"),
    "who_text": _l(
        "The Police and Crime Commissioner for West Yorkshire is responsible for the answers. The law asks the "
        "Commissioner to find out what people think about policing before setting the Police and Crime Plan."
    ),
    "kept": _l("What we keep"),
    "kept_text": _l("Your answers, the language, the day, and that they came on paper. Not your name or your address."),
    "sensitive": _l(
        "Questions about your ethnic group, religion, health and sexual orientation help us to see whether we hear "
        "from everyone. You can always choose “Prefer not to say”."
    ),
    "counted": _l(
        "We count them, so that groups who answered less often count as much as they should, and publish results for "
        "groups of at least ten people."
    ),
    "read": _l(
        "Words that you write may be read by staff. If they say that somebody is in danger, staff who are trained for "
        "this may see them sooner, but we do not know who wrote them and cannot send help."
    ),
    "long": _l("Answers that you sent are kept while the Police and Crime Plan runs."),
    "shredded": _l("The paper is destroyed once its answers have been entered and checked."),
    "rights": _l("Your rights"),
    "rights_text": _l(
        "With your receipt code you can see, change and withdraw your answers. Because we do not know who you are, we "
        "cannot find them without the code. You can complain to the Information Commissioner’s Office on %(number)s."
    ),
    "no_report": _l("This survey is not a way to report a crime, and nobody reads it as it arrives."),
    "danger": _l(
        "If you or somebody else is in danger now, call %(emergency)s. If you cannot speak, call and then press "
        "%(silent)s."
    ),
    "crime": _l("To report a crime that is not happening now, call %(police)s."),
    "names_crimes": _l(
        "The survey mentions domestic abuse, sexual abuse and “honour” based abuse. You do not have to say anything "
        "about what happened to you."
    ),
    "dont_know": _l("Don't know"),
    "prefer_not_to_say": _l("Prefer not to say"),
    "none": _l("None of these"),
}
EASY: dict[str, Any] = {
    # Translators: these are for Easy Read, for people with learning disabilities. Keep each sentence short, with one
    # idea, in words that everybody knows; each sentence stands on a line of its own.
    "about": _l(
        "We want to know what you think about the police. Your answers help us to decide what the police do. You do "
        "not have to answer."
    ),
    "mistake": _l("Did you tick the wrong box? Fill in the whole box. Then tick the right one."),
    "skip": _l("Some questions are about you. You can choose “Prefer not to say”."),
    "no_report": _l("This form is not a way to report a crime."),
    "who_text": _l(
        "The Police and Crime Commissioner for West Yorkshire asks these questions. The law says the Commissioner must "
        "ask people."
    ),
    "kept_text": _l("We keep your answers. We do not keep your name or your address."),
    "sensitive": _l("Some questions are about your race, religion and health. They help us to hear from everyone."),
    "counted": _l("We count all the answers. We only show results for groups of 10 people or more."),
    "read": _l("Staff may read the words that you write. We do not know who you are. We cannot send you help."),
    "rights_text": _l(
        "The slip has a code on it. With the code you can see your answers. You can change them. You can take them "
        "back. We cannot find your answers without the code. You can complain to the Information Commissioner’s "
        "Office. Call %(number)s."
    ),
}
"""What Easy Read says instead, or besides."""
FIRST_STRONG, END_OF_IT = "\u2068", "\u2069"


class Words:
    """The words of one language: texts by their name, lists of answers, and numbers that keep their direction."""

    def __init__(self, language: i18n.Language, easy: bool = False) -> None:
        self.language = language
        self._texts = TEXTS | EASY if easy else TEXTS
        translations = i18n.translations(current_app.config["TRANSLATIONS"], language.code)
        self._say: Callable[[str], str] = translations.gettext

    def __call__(self, name: str, **values: Any) -> str:
        """Say a text; values keep their own direction inside it."""
        text = self._say(str(self._texts[name]))
        return text % {key: self.isolated(str(value)) for key, value in values.items()} if values else text

    def minutes(self, count: int) -> str:
        """Say how long it takes."""
        translations = i18n.translations(current_app.config["TRANSLATIONS"], self.language.code)
        text = translations.ngettext("It takes about %(num)s minute.", "It takes about %(num)s minutes.", count)
        return text % {"num": count}

    def about_line(self, text: str) -> str:
        """Translate what staff may have changed; what is unknown stays English."""
        return self._say(text)

    def any_of(self, answers: Sequence[str]) -> str:
        """Join answers in quotation marks with the language's own "or"."""
        quoted = [self._say(str(TEXTS["quoted"])) % {"answer": answer} for answer in answers]
        return str(format_list(quoted, style="or", locale=self.language.locale))

    def isolated(self, text: str) -> str:
        """Keep a number or an address from turning round inside a text that runs from right to left."""
        return f"{FIRST_STRONG}{text}{END_OF_IT}" if self.language.direction == "rtl" else text
