"""What clerks explained once: headings, unit words and names of estates that a sender writes in a way of its own.

Each explanation is one small file in `释义/` beside the submissions, with who and when. Undone, it is renamed and keeps
what it said, but means nothing any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, cast

from pipelines.kinds import KINDS
from pipelines.mending.names import canonical
from pipelines.mending.toml_lines import (
    Document,
    SettingsError,
    nearest,
    read_toml,
    refuse_unknown,
    want_text,
    wrong_kind,
)
from pipelines.reading.words import compact, heading_key, split_brackets

FOLDER: Final = "释义"
ENDING: Final = ".explained.toml"
UNDONE: Final = ".undone.toml"
LEFT_OUT: Final = "-"
"""The meaning of a heading whose column isn't wanted."""
CATEGORY: Final = "category:"
"""Before the name of a category, where a column is one category of costs or income."""
WHATS: Final = ("heading", "unit", "estate")
_KEYS: Final = ("what", "sender", "kind", "word", "meaning", "by", "at", "undone_by", "undone_at")
_PARTS: Final = frozenset({"estate", "period", "period_from", "period_to", "community", "street", LEFT_OUT, "total"})

What = Literal["heading", "unit", "estate"]


@dataclass(frozen=True)
class Explanation:
    """One explanation. `sender`: the folder of the submissions that it counts for, "" for all; `word` as it was sent.

    `meaning`: of a heading a field of `kind`, `-` (not wanted) or `category:` and a category; of a unit word the unit
    in words that are known; of an estate its name in the register. `undone_by` is "" while it counts.
    """

    what: What
    sender: str
    kind: str
    word: str
    meaning: str
    by: str
    at: datetime
    undone_by: str = ""
    undone_at: datetime | None = None
    id: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What two explanations of one thing have in common."""
        return self.what, self.sender, word_key(self.what, self.word)


@dataclass(frozen=True)
class Memory:
    """All explanations that count, of two of one thing the later."""

    explanations: tuple[Explanation, ...] = ()

    def of(self, what: What, file: str) -> dict[str, Explanation]:
        """Key of the word → explanation, for a file: its sender's own before those of a folder above it."""
        found: dict[str, Explanation] = {}
        for one in sorted(self.explanations, key=lambda one: (len(one.sender), one.at)):
            if one.what == what and (not one.sender or file.startswith(f"{one.sender}/")):
                found[word_key(what, one.word)] = one
        return found

    def fingerprint(self, file: str | None = None) -> str:
        """A hash that changes when an explanation does; with a file, only when one that its reading depends on does."""
        if file is None:
            told = [(one.key, one.meaning) for one in self.explanations]
        else:
            told = [
                (one.key, one.meaning)
                for what in cast("tuple[What, ...]", ("heading", "unit"))
                for one in self.of(what, file).values()
            ]
        return hashlib.sha256(json.dumps(sorted(told), ensure_ascii=False).encode()).hexdigest() if told else ""

    def with_one(self, one: Explanation) -> Memory:
        """The memory as it would be with one more explanation."""
        return Memory((*(old for old in self.explanations if old.key != one.key), one))


def word_key(what: What, word: str) -> str:
    """The form in which a word is looked up."""
    if what == "estate":
        return canonical(word)
    if what == "unit":
        return compact(word).strip("()[]")
    return heading_key(split_brackets(word)[0]) or heading_key(word)


def load_memory(folder: Path) -> Memory:
    """The explanations beside the submissions that count. Raises SettingsError with file and line."""
    latest: dict[tuple[str, str, str], Explanation] = {}
    for one in sorted(_read(folder, ENDING), key=lambda one: one.at):
        latest[one.key] = one
    return Memory(tuple(latest.values()))


def all_explanations(folder: Path) -> tuple[Explanation, ...]:
    """All that was ever explained, the undone too, latest first. Raises SettingsError with file and line."""
    found = [*_read(folder, ENDING), *_read(folder, UNDONE)]
    return tuple(sorted(found, key=lambda one: (one.at, one.id), reverse=True))


def _read(folder: Path, ending: str) -> Iterable[Explanation]:
    for path in sorted((folder / FOLDER).glob(f"*{ending}")):
        document = read_toml(path, path.relative_to(folder).as_posix())
        yield replace(_explanation(document), id=path.name[: -len(ending)])


def _explanation(document: Document) -> Explanation:
    refuse_unknown(document, (), document.data, _KEYS)
    texts: dict[str, str] = {}
    for key in ("what", "sender", "kind", "word", "meaning", "by", "undone_by"):
        if key not in document.data and key not in ("kind", "sender", "undone_by"):
            raise document.error((), f"缺少 {key}", f"{key} is missing")
        texts[key] = want_text(document, (key,), document.data.get(key, ""))
    at, undone_at = document.data.get("at"), document.data.get("undone_at")
    for name, value in (("at", at), ("undone_at", undone_at)):
        if not isinstance(value, datetime) and not (name == "undone_at" and value is None):
            raise wrong_kind(document, (name,), value, "时间，如 2025-07-01T09:30:00", "a time: 2025-07-01T09:30:00")
    if texts["what"] not in WHATS:
        raise wrong_kind(document, ("what",), texts["what"], "heading、unit 或 estate", "heading, unit or estate")
    if texts["what"] == "heading":
        _check_heading(document, texts)
    return Explanation(
        cast("What", texts["what"]),
        texts["sender"],
        texts["kind"],
        texts["word"],
        texts["meaning"],
        texts["by"],
        cast("datetime", at).replace(tzinfo=None),
        texts["undone_by"],
        undone_at if isinstance(undone_at, datetime) else None,
    )


def _check_heading(document: Document, texts: dict[str, str]) -> None:
    kind, meaning = texts["kind"], texts["meaning"]
    if kind not in KINDS:
        zh, en = (
            f"没有“{kind}”这一类；有：{'、'.join(KINDS)}",
            f'there is no kind "{kind}"; use one of {", ".join(KINDS)}',
        )
        raise document.error(("kind",), zh, en)
    known = {*_PARTS, *(one.name for one in KINDS[kind].fields)}
    if meaning in known or meaning.startswith(CATEGORY):
        return
    meant = nearest(meaning, sorted(known))
    hint = (f"，是否想写“{meant}”？", f'; did you mean "{meant}"?') if meant else ("", "")
    raise document.error(
        ("meaning",),
        f"“{texts['word']}”写成了“{meaning}”，{KINDS[kind].zh}没有这个字段{hint[0]}",
        f'"{texts["word"]}" is "{meaning}", which is no field of {kind}{hint[1]}',
    )


__all__ = [
    "CATEGORY", "ENDING", "FOLDER", "LEFT_OUT", "UNDONE", "Explanation", "Memory", "SettingsError", "What",
    "all_explanations", "load_memory", "word_key",
]  # fmt: skip
