"""Takes the values of one section of a small TOML file, each mistake shown on its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pipelines.mending.toml_lines import (
    Document,
    Key,
    SettingsError,
    refuse_unknown,
    want_flag,
    want_table,
    want_text,
    want_texts,
    want_whole,
    wrong_kind,
)

Value = TypeVar("Value")


@dataclass(frozen=True)
class Section:
    """The keys below `at`. Each method raises SettingsError where the value of a key is of the wrong kind."""

    document: Document
    at: Key
    table: Mapping[str, object]

    def place(self, key: str) -> Key:
        """Where a key of this section stands in the document."""
        return (*self.at, key)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Raises SettingsError for the first key that means nothing here."""
        refuse_unknown(self.document, self.at, self.table, known)

    def text(self, key: str, default: str = "") -> str:
        """A text, or the default where there is none."""
        return want_text(self.document, self.place(key), self.table.get(key, default))

    def text_if_any(self, key: str) -> str | None:
        """A text, or None."""
        return self.text(key) if key in self.table else None

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A text or a list of them."""
        return want_texts(self.document, self.place(key), self.table[key]) if key in self.table else default

    def whole(self, key: str, default: int, least: int = 0, most: int = 10**9) -> int:
        """A whole number from `least` to `most`, or the default."""
        return (
            want_whole(self.document, self.place(key), self.table[key], least, most) if key in self.table else default
        )

    def whole_if_any(self, key: str, least: int = 0, most: int = 10**9) -> int | None:
        """A whole number from `least` to `most`, or None."""
        return self.whole(key, least, least, most) if key in self.table else None

    def flag(self, key: str) -> bool:
        """True or false; false where nothing is said."""
        return want_flag(self.document, self.place(key), self.table.get(key, False))

    def one_of(self, key: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of the words that are allowed."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.wrong(key, value, "、".join(allowed) + "之一", f"one of {', '.join(allowed)}")
        return value

    def inner(self, key: str) -> Section:
        """The section below a key, empty where there is none."""
        return Section(
            self.document, self.place(key), want_table(self.document, self.place(key), self.table.get(key, {}))
        )

    def each(self, read: Callable[[Document, Key, object], Value]) -> dict[str, Value]:
        """Every key with its value as `read` takes it."""
        return {key: read(self.document, self.place(key), value) for key, value in self.table.items()}

    def wrong(self, key: str, value: object, zh: str, en: str) -> SettingsError:
        """The mistake that the value of a key is of the wrong kind, ready to be raised."""
        return wrong_kind(self.document, self.place(key), value, zh, en)
