"""Reads a small TOML file and remembers the line of every key, so that a mistake can be shown where it stands."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_KEY_PART: Final = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")
_AT_LINE: Final = re.compile(r"\(at line (\d+)")
_LARGEST: Final = 1_000_000

Key = tuple[str | int, ...]
"""Where a value stands: `("tickets", "limits", "噪音")`; `("correction", 0, "cell")` in the first `[[correction]]`."""


class SettingsError(Exception):
    """A mistake in `street.toml`, a profile or the corrections: which file and line (from 1), what to type instead."""

    def __init__(self, file: str, line: int, zh: str, en: str) -> None:
        """Make it; `zh` and `en` say what is wrong and what to type."""
        super().__init__(f"{file}:{line}: {en}")
        self.file = file
        self.line = line
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Document:
    """A TOML file: its values as `tomllib` gives them, and the line of each key."""

    file: str
    data: dict[str, object]
    lines: dict[Key, int]

    def line(self, *key: str | int) -> int:
        """The line of that key, or of the nearest thing around it that has one; 1 where nothing has."""
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key[:-1]
        return 1

    def error(self, key: Key, zh: str, en: str) -> SettingsError:
        """The mistake at that key, ready to be raised."""
        return SettingsError(self.file, self.line(*key), zh, en)


def read_toml(path: Path, file: str) -> Document:
    """The TOML file at `path`, shown to people as `file`. Raises SettingsError where it can't be read."""
    raw = path.read_bytes()
    if len(raw) > _LARGEST:
        raise SettingsError(
            file, 1, "文件超过 1 MB，不像是设置文件", "the file is larger than 1 MB, which no such file is"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        zh = "文件不是 UTF-8 编码，请另存为 UTF-8"
        raise SettingsError(file, line, zh, "the file isn't in UTF-8; save it as UTF-8") from fault
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _AT_LINE.search(str(fault))
        line = int(found.group(1)) if found else text.count("\n") + 1
        reason = str(fault).split(" (at ")[0]
        zh = f"这一行不合 TOML 写法（{reason}）：文字要加英文双引号，键与值之间用等号"
        en = f"this line isn't TOML ({reason}): put texts in double quotes and an equals sign between key and value"
        raise SettingsError(file, line, zh, en) from fault
    return Document(file, data, _lines(text))


def _lines(text: str) -> dict[Key, int]:
    """The line of each table header and key of a valid TOML text."""
    lines: dict[Key, int] = {}
    seen: dict[Key, int] = {}
    table: Key = ()
    waiting_for = ""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        rest = line
        if not waiting_for and depth == 0:
            stripped = line.strip()
            if not stripped or stripped.startswith("#"):
                continue
            if stripped.startswith("["):
                repeated = stripped.startswith("[[")
                names, _ = _key(stripped[2 if repeated else 1 :])
                table = _placed(names, seen)
                if repeated:
                    seen[names] = seen.get(names, -1) + 1
                    table = (*table, seen[names])
                lines.setdefault(table, number)
                continue
            names, rest = _key(stripped)
            for length in range(1, len(names) + 1):
                lines.setdefault((*table, *names[:length]), number)
            rest = rest[1:]
        waiting_for, depth = _left_open(rest, waiting_for, depth)
    return lines


def _placed(names: tuple[str, ...], seen: Mapping[Key, int]) -> Key:
    """The key of a table named in a header, with the number of the latest element after each array of tables."""
    placed: list[str | int] = []
    for length, name in enumerate(names, 1):
        placed.append(name)
        if names[:length] in seen and length < len(names):
            placed.append(seen[names[:length]])
    return tuple(placed)


def _key(text: str) -> tuple[tuple[str, ...], str]:
    """A dotted key at the start of the text, and what follows it."""
    names: list[str] = []
    at = 0
    while found := _KEY_PART.match(text, at):
        part = found.group(1)
        names.append(_unquoted(part))
        at = found.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(names), text[at:]


def _unquoted(part: str) -> str:
    if part.startswith("'"):
        return part[1:-1]
    if part.startswith('"'):
        return str(tomllib.loads(f"key = {part}")["key"])
    return part


def _left_open(text: str, waiting_for: str, depth: int) -> tuple[str, int]:
    """Which closing quotes and how many closing brackets a value still waits for at the end of this line."""
    at = 0
    while at < len(text):
        if waiting_for:
            if waiting_for == '"""' and text[at] == "\\":
                at += 2
            elif text.startswith(waiting_for, at):
                at += 3
                waiting_for = ""
            else:
                at += 1
            continue
        sign = text[at]
        if sign == "#":
            break
        if text.startswith(('"""', "'''"), at):
            waiting_for = text[at : at + 3]
            at += 3
        elif sign == '"':
            closing = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, at)
            at = closing.end() if closing else len(text)
        elif sign == "'":
            end = text.find("'", at + 1)
            at = end + 1 if end >= 0 else len(text)
        else:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
            at += 1
    return waiting_for, depth


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def refuse_unknown(document: Document, at: Key, table: Mapping[str, object], known: Iterable[str]) -> None:
    """Raises SettingsError for the first key of the table that means nothing here, with the nearest one that does."""
    valid = sorted(known)
    for key in table:
        if key in valid:
            continue
        meant = nearest(key, valid)
        zh = f"没有“{key}”这一项" + (f"，是否想写“{meant}”？" if meant else f"；可用的有：{'、'.join(valid)}")
        en = f'there is no "{key}"' + (f'; did you mean "{meant}"?' if meant else f"; there are: {', '.join(valid)}")
        raise document.error((*at, key), zh, en)


def want_text(document: Document, at: Key, value: object) -> str:
    """The value as a text; SettingsError where it is none."""
    if isinstance(value, str):
        return value
    raise wrong_kind(document, at, value, '文字（加英文双引号，如 "…"）', 'a text in double quotes, such as "…"')


def want_texts(document: Document, at: Key, value: object) -> tuple[str, ...]:
    """The value as texts: one text or a list of them; SettingsError where it is neither."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise wrong_kind(document, at, value, '文字或文字的列表，如 ["甲", "乙"]', 'a text or a list, such as ["a", "b"]')


def want_whole(document: Document, at: Key, value: object, least: int = 0, most: int = 10**9) -> int:
    """The value as a whole number from `least` to `most`; SettingsError where it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise wrong_kind(document, at, value, f"{least} 至 {most} 的整数", f"a whole number from {least} to {most}")


def want_flag(document: Document, at: Key, value: object) -> bool:
    """The value as true or false; SettingsError where it is neither."""
    if isinstance(value, bool):
        return value
    raise wrong_kind(document, at, value, "true 或 false", "true or false")


def want_table(document: Document, at: Key, value: object) -> dict[str, object]:
    """The value as a table of keys; SettingsError where it is none."""
    if isinstance(value, dict):
        return value
    name = ".".join(str(one) for one in at)
    raise wrong_kind(document, at, value, f"一组设置（写在 [{name}] 之下）", f"a table, written below [{name}]")


def wrong_kind(document: Document, at: Key, value: object, zh: str, en: str) -> SettingsError:
    """The mistake that a value is of the wrong kind: what was found, what belongs there."""
    shown = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    name = next((str(one) for one in reversed(at) if isinstance(one, str)), "")
    return document.error(at, f"“{name}”写成了 {shown}，应是{zh}", f'"{name}" is {shown}; it must be {en}')
