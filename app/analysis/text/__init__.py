"""Read what people wrote: language, personal data, possible harm, sentiment, phrases, themes and coders' agreement.

Nothing is imported here: each part loads its library when it is first asked, so that naming the package costs nothing.
"""
