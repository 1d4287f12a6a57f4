"""What is told to people in Chinese and English: remarks, and faults that say what to do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipelines.words import Language


class Told(Protocol):
    """Anything that says the same in both languages."""

    @property
    def zh(self) -> str:
        """In Chinese."""
        ...

    @property
    def en(self) -> str:
        """In English."""
        ...


class ToldError(Exception):
    """Something could not be done; `zh` and `en` say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        """See the class."""
        super().__init__(en)
        self.zh, self.en = zh, en


def in_language(said: Told, lang: Language) -> str:
    """What is said, in a language."""
    return said.zh if lang == "zh" else said.en
