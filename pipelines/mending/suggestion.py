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
    rows = f"{heading_rows[0]}" if heading_rows[0] == heading_rows[1] else f"[{heading_rows[0]}, {heading_rows[1]}]"
    known = KINDS[kind]
    lines = [
        "# 没有认出的表：请核对每一行，存为“任意名称.profile.toml”，与提交的文件放在一起。",
        "# A table that was not recognised: check each line, save it as anything.profile.toml beside the submissions.",
        f"files = [{_quoted(PurePosixPath(file).name)}]   # 可用 * 代替变动的部分 / * stands for what varies",
        "",
        "[[sheet]]",
    ]
    if sheet:
        lines.append(f"sheets = [{_quoted(sheet)}]")
    lines += [
        f"kind = {_quoted(kind)}   # {'、'.join(f'{one.name} {one.zh}' for one in KINDS.values())}",
        f"heading_rows = {rows}   # 表头所在的行 / the rows of the headings",
    ]
    if known.has_period:
        lines.append('# period = "2025-03"   # 表里没有期间时写 / where the table gives no period')
    lines += ["", "[sheet.columns]", '# 表头 = 字段，"-" 表示不要 / heading = field, "-" leaves it out']
    taken: set[str] = set()
    written: set[str] = set()
    for letter, heading in headings.items():
        name = " ".join(heading.split()) or letter
        if name in written:
            name = letter
        written.add(name)
        target = guesses[letter][1] if letter in guesses and guesses[letter][0] == kind else "-"
        doubt = "   # ← 请填 / fill in" if target == "-" else ""
        if target in taken and target != "-":
            target, doubt = "-", f"   # ← {target} 已有一列 / there is a column of {target} already"
        taken.add(target)
        shown = "、".join(_short(text) for text in (samples or {}).get(letter, ())[:3])
        comment = (
            f"   # {letter}：{shown}" if shown and not doubt else doubt + (f"（{letter}：{shown}）" if shown else "")
        )
        lines.append(f"{_quoted(name)} = {_quoted(target)}{comment}")
    lines += ["", "# 可用的字段 / the fields:"]
    lines += [f"#   {one.name}  {one.zh} / {one.en}" for one in known.fields]
    missing = [one for one in known.required if one not in taken]
    if missing:
        lines += [
            "",
            "[sheet.constants]",
            "# 表里没有、整张表都一样的值 / values that the table lacks and that all rows share",
        ]
        lines += [f'# {one} = "…"   # {known.field(one).zh}：必填 / required' for one in missing]
    return "\n".join(lines) + "\n"


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
