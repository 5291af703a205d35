"""A small questionnaire in which people say something in their own words."""

BEGINNING = """
survey: say-it
reference: SI
title: Say it
about: Whatever you want to say.
minutes: 1
asked: once
languages: [en]
sections:
  - key: you
    title: You
    questions:
"""
WORDS = """\
      - key: safer
        kind: several
        text: What would help?
        options:
          - {key: lamps, text: Lamps}
          - {key: other, text: Something else, write_in: yes}
      - key: words
        kind: text
        text: What do you want to say?
"""
SAY_IT = BEGINNING + WORDS
