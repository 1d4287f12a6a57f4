"""Writes a profile for a table that nobody recognised: every heading, our best guess, and what to change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from pipelines.kinds import KINDS


def suggest_profile(
    file: str,
    sheet: str,
    headings: Mapping[str, str],
    guesses: Mapping[str, tuple[str, str]],
    samples: Mapping[str, Sequence[str]] | None = None,
    *,
    heading_rows: tuple[int, int] = (1, 1),
) -> str:
    """The text of a profile for one sheet, ready to be edited and saved as `….profile.toml` beside the submissions.

    `headings`: column letter → heading; `guesses`: letter → (kind, field), where anything is known; `samples`: letter →
    a few cells, masked by the caller. The kind is the one most guesses speak for. Columns without a guess are written
    as `-` and marked. The text loads as it stands.
    """
    kind = _kind(guesses)
    fields = {letter: field for letter, (its_kind, field) in guesses.items() if its_kind == kind}
    columns, taken = _columns(headings, fields, samples or {})
    missing = [one for one in KINDS[kind].required if one not in taken]
    lines = [*_head(file, sheet, kind, heading_rows), *columns, *_known_fields(kind), *_constants(kind, missing)]
    return "\n".join(lines) + "\n"


def _head(file: str, sheet: str, kind: str, heading_rows: tuple[int, int]) -> list[str]:
    first, last = heading_rows
    period = '# period = "2025-03"   # 表里没有期间时写 / where the table gives no period'
    return [
        "# 没有认出的表：请核对每一行，存为“任意名称.profile.toml”，与提交的文件放在一起。",
        "# A table that was not recognised: check each line, save it as anything.profile.toml beside the submissions.",
        f"files = [{_quoted(PurePosixPath(file).name)}]   # 可用 * 代替变动的部分 / * stands for what varies",
        "",
        "[[sheet]]",
        *([f"sheets = [{_quoted(sheet)}]"] if sheet else []),
        f"kind = {_quoted(kind)}   # {'、'.join(f'{one.name} {one.zh}' for one in KINDS.values())}",
        f"heading_rows = {first if first == last else [first, last]}   # 表头所在的行 / the rows of the headings",
        *([period] if KINDS[kind].has_period else []),
    ]


def _columns(
    headings: Mapping[str, str], fields: Mapping[str, str], samples: Mapping[str, Sequence[str]]
) -> tuple[list[str], set[str]]:
    """A line a column, and the fields that have one: each goes to the first column that is guessed to hold it."""
    lines = ["", "[sheet.columns]", '# 表头 = 字段，"-" 表示不要 / heading = field, "-" leaves it out']
    taken: set[str] = set()
    written: set[str] = set()
    for letter, heading in headings.items():
        name = " ".join(heading.split()) or letter
        if name in written:
            name = letter
        written.add(name)
        target = fields.get(letter, "-")
        doubt = "   # ← 请填 / fill in" if target == "-" else ""
        if target in taken and target != "-":
            target, doubt = "-", f"   # ← {target} 已有一列 / there is a column of {target} already"
        taken.add(target)
        shown = "、".join(_short(text) for text in samples.get(letter, ())[:3])
        comment = (
            f"   # {letter}：{shown}" if shown and not doubt else doubt + (f"（{letter}：{shown}）" if shown else "")
        )
        lines.append(f"{_quoted(name)} = {_quoted(target)}{comment}")
    return lines, taken


def _known_fields(kind: str) -> list[str]:
    return ["", "# 可用的字段 / the fields:", *(f"#   {one.name}  {one.zh} / {one.en}" for one in KINDS[kind].fields)]


def _constants(kind: str, missing: Sequence[str]) -> list[str]:
    """Where to write what the table lacks, if it lacks anything that is required."""
    if not missing:
        return []
    return [
        "",
        "[sheet.constants]",
        "# 表里没有、整张表都一样的值 / values that the table lacks and that all rows share",
        *(f'# {one} = "…"   # {KINDS[kind].field(one).zh}：必填 / required' for one in missing),
    ]


def _kind(guesses: Mapping[str, tuple[str, str]]) -> str:
    votes: dict[str, int] = {}
    for kind, _ in guesses.values():
        votes[kind] = votes.get(kind, 0) + 1
    return max(votes, key=lambda kind: (votes[kind], -list(KINDS).index(kind))) if votes else next(iter(KINDS))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _short(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 16 else text[:15] + "…"
