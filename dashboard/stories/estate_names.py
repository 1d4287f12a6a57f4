"""Names for people of what the tables call by a code or a Chinese word: categories, tiers, kinds of housing, modes."""

from __future__ import annotations

from dashboard.words import say
from pipelines.words import Language


def named(text: str | None, lang: Language) -> str:
    """The word in the language of the page; a word that we don't know stays as it was written."""
    if not text:
        return say("estate.unnamed", lang)
    try:
        return say(f"estate_names.{text}", lang)
    except KeyError:
        return text
