"""What each column of a table holds, given the kind of the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pipelines.findings import column_letter
from pipelines.kinds import KINDS
from pipelines.mending.personal import personal_heading
from pipelines.mending.profiles import SheetProfile, columns_named
from pipelines.places.datums import read_datum
from pipelines.reading.answers import answer_level
from pipelines.reading.blocks import Block
from pipelines.reading.headings import IGNORED, PERSONAL, SPECIAL, TOTAL, Heading, category_of, understand
from pipelines.reading.periods import Part
from pipelines.reading.quantities import is_number_like
from pipelines.reading.sheets import Grid
from pipelines.reading.units import Unit, read_unit
from pipelines.reading.words import heading_key, is_blank, plain

SAMPLE: Final = 60
"""Rows of a body that are looked at to tell what an unnamed column holds."""

KEYS: Final = frozenset({"estate", "community", "building", "period", "subject"})
"""Columns in which an empty cell may mean "the same as above"."""

LEVELS: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")

HELD: Final = SPECIAL
"""Columns that are known and not stored."""

TITLE_WORDS: Final[dict[str, re.Pattern[str]]] = {
    "estates": re.compile(r"台账|名册|名录|花名册|基本情况|基础信息|一览表|底册|概况|登记表|小区清单|小区信息"),
    "fees": re.compile(r"收缴|收费|缴费|缴纳|应收|实收|欠费|物业费"),
    "costs": re.compile(r"支出|成本|费用明细|开支|费用统计|费用汇总"),
    "income": re.compile(r"收益|其他收入|补贴|经营收入|公共收入|收入明细|收入统计|收入汇总|收入情况"),
    "tickets": re.compile(r"投诉|诉求|工单|报修|信访|热线|来电|接诉"),
    "surveys": re.compile(r"满意|问卷|测评|调查|回访"),
    "inspections": re.compile(r"考核|评分|打分|巡检|巡查|检查|评审|考评|评比|得分|评议"),
    "events": re.compile(r"大事记|大事|变更记录|沿革|事件"),
    "actions": re.compile(r"议定|督办|任务|销号|交办|会议纪要|待办|落实|决议|承诺"),
}
_OF_HOUSEHOLDS: Final = {"receivable_yuan": "households_due", "received_yuan": "households_paid"}
_BESIDE_ESTATE: Final = {
    "costs": "item",
    "income": "item",
    "surveys": "question",
    "inspections": "criterion",
    "actions": "action",
}
"""What 项目 means where another column names the estate."""
_CLOCK = re.compile(
    r"(?:1899-12-3[01] )?\d{1,2}[:：时]\d{0,2}(?:[:：分]\d{0,2})?秒?|[上下]午\s*\d{1,2}.*|\d{1,2}点(\d{1,2}分?|半)?"
)
_A_SCORER = re.compile(r"(评委|专家|评审员|考评员|评分员|评分人|打分人|考评人)[\dA-Z一二三四五六七八九十甲乙丙丁]*")
_ANSWER_NOISE = re.compile(r"意见|建议|原因|备注|编号|序号|时间|来源|ip|时长|姓名|电话", re.IGNORECASE)
_OVER_LEVELS = re.compile(
    r"满意程度|评价结果|测评结果|满意情况|调查结果|评价情况|份数?|人数|户数|票数|回答|答卷|结果|分布|统计"
)
_OVER_SCORERS = re.compile(r"评分|打分|得分|评委|评审|考核|项目|内容|指标")
_SPENT: Final = re.compile(r"[费金款险税薪]$|支出|成本|工资|活动|收入|收益|补贴")
_MAIN: Final = frozenset(
    {"小区", "小区名称", "户数", "总户数", "应缴户数", "建筑面积", "总建筑面积", "得分", "金额", "应收金额", "实收金额"}
)


@dataclass(frozen=True)
class Role:
    """What one column holds: a field, the coordinates that its heading gives to its values (`part` of a period,
    `category`, `item`, `question`, `criterion`, `scorer`), its unit, the maximum score and the datum in its heading.
    A `field` in `HELD` is known and not stored, None means nothing to us. `words` are a profile's value
    words; `extracted` says that a profile's pattern takes the field from part of the cell, `by_shape` that the
    heading's shape told the field and no table of words, `clock` is the column of the
    times of day that belong to a column of dates."""

    column: int
    heading: str
    field: str | None
    part: Part | None = None
    category: str | None = None
    item: str | None = None
    question: str | None = None
    criterion: str | None = None
    scorer: str | None = None
    unit: Unit | None = None
    maximum: float | None = None
    datum: str | None = None
    words: Mapping[str, object] = default(default_factory=dict)
    extracted: bool = False
    clock: int | None = None
    weighted: bool = False
    by_shape: bool = False

    @property
    def key(self) -> tuple[int, str | None]:
        """What tells a role from the others of its table: a profile may take two fields from one column."""
        return (self.column, self.field)

    @property
    def coordinates(self) -> tuple[object, ...]:
        """What tells this column's records from those of the other columns."""
        return (self.part, self.category, self.item, self.question, self.criterion, self.scorer)

    @property
    def wide(self) -> bool:
        """Whether the heading itself carries part of the key."""
        return any(value is not None for value in self.coordinates)

    @property
    def stored(self) -> bool:
        """Whether the column's values reach a record."""
        return self.field is not None and self.field not in HELD


@dataclass(frozen=True)
class Table:
    """A block whose kind is known."""

    kind: str
    block: Block
    roles: tuple[Role, ...]
    profile: SheetProfile | None = None


def roles_of(grid: Grid, block: Block, kind: str, around: str) -> tuple[Role, ...]:
    """The roles of a block's columns if it is a table of that kind; `around` are the texts that may name a measure."""
    understood = block.understood()
    roles = [_role(kind, column, path, understood[column]) for column, path in block.paths.items()]
    if kind == "tickets":
        roles = _with_clock(grid, block, roles)
    if kind == "inspections":
        roles = _finest_criterion(grid, block, roles)
    if kind in ("costs", "income"):
        roles = _items_not_estates(grid, block, kind, roles)
    roles = _only_once(kind, _one_estate(kind, roles))
    roles = _without_sums(roles)
    if kind in ("fees", "costs", "income"):
        roles = _name_measure(kind, roles, " ".join(block.titles) or around)
    if kind in ("costs", "income"):
        roles = _unknown_categories(grid, block, kind, roles)
    if kind == "surveys":
        roles = _questions(grid, block, roles)
    if kind == "inspections":
        roles = _criteria(grid, block, roles, f"{' '.join(block.titles)} {around}")
    return tuple(roles)


def _role(kind: str, column: int, path: tuple[str, ...], headings: tuple[Heading, ...]) -> Role:
    inner = headings[-1]
    base = Role(
        column=column,
        heading=" ".join(path),
        field=None,
        unit=next((h.unit for h in reversed(headings) if h.unit), None),
        maximum=next((h.maximum for h in reversed(headings) if h.maximum), None),
        datum=next((d for d in (read_datum(p) for p in reversed(path)) if d), None),
    )
    named = _named(kind, headings)
    if named == PERSONAL or (named is None and any(personal_heading(p) for p in path)):
        return replace(base, field=PERSONAL)
    if named == TOTAL or (named is None and any(h.total for h in headings)) or any(h.total for h in headings[:-1]):
        return replace(base, field=TOTAL)
    part = _part(headings)
    if kind in ("costs", "income"):
        words = next((h for h in reversed(headings) if getattr(h, kind)), None)
        if (
            words is not None
            and base.maximum is None
            and (words.field(kind) is None or words.field(kind) == "amount_yuan")
        ):
            category = str(getattr(words, kind))
            item = words.text if category == "其他" and _unlike_other(words.text) else None
            return replace(base, field="amount_yuan", part=part, category=category, item=item)
    if kind == "surveys" and inner.level and len(path) > 1 and headings[0].field(kind) in (None, "question"):
        return replace(base, field=inner.level, part=part, question=_question_over(headings[0]))
    if base.unit is not None and base.unit.dimension == "fee" and named not in SPECIAL:
        named = "fee_yuan_per_m2_month" if kind == "estates" else IGNORED
    elif kind == "estates" and named is None and read_unit(inner.text) is not None:
        named = {"area": "floor_area_m2"}.get(base.unit.dimension if base.unit else "")
    if kind == "fees" and named in _OF_HOUSEHOLDS and _counts_households(headings, base.unit):
        named = _OF_HOUSEHOLDS[named]
    if named:
        measured = named in KINDS[kind].measures or named == "deduction"
        by_shape = not any(heading.fields.get(kind) == named for heading in headings)
        return replace(base, field=named, part=part if measured else None, by_shape=by_shape)
    if part is None and any(inner.fields.values()) and not inner.level:
        return replace(base, field=IGNORED)
    return replace(base, part=part) if part is not None else base


def _named(kind: str, headings: tuple[Heading, ...]) -> str | None:
    for heading in reversed(headings):
        own = heading is headings[-1] or headings[-1].part is not None
        name = heading.field(kind) if own else heading.fields.get(kind)
        if name and not (kind in ("costs", "income") and heading.part):
            return name
    return None


def _counts_households(headings: tuple[Heading, ...], unit: Unit | None) -> bool:
    """Whether 应缴 and 实缴 stand under 户数, or are counted in 户."""
    over = any(re.search(r"户数|户$", heading.base) for heading in headings[:-1])
    return over or (unit is not None and unit.dimension == "count")


def _question_over(outer: Heading) -> str | None:
    """The question that a heading over the levels names, if it isn't just 满意程度."""
    return None if _OVER_LEVELS.search(outer.base) or outer.level else outer.text


def _part(headings: tuple[Heading, ...]) -> Part | None:
    parts = [h.part for h in reversed(headings) if h.part]
    if not parts:
        return None
    year = next((p.year for p in parts if p.year), None)
    timed = next((p for p in parts if p.months or p.week or p.days), parts[0])
    return timed if timed.year or not year else replace(timed, year=year)


def _unlike_other(text: str) -> bool:
    return not heading_key(text).startswith(("其他", "其它"))


def _with_clock(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """A column of times of day belongs to the column of dates to its left."""
    out = list(roles)
    moments = {one.name for one in KINDS["tickets"].fields if one.type == "time"}
    for place, (role, after) in enumerate(pairwise(roles)):
        if role.field not in moments or not (
            after.field == role.field or after.field is None or after.field in moments
        ):
            continue
        clocks = [bool(_CLOCK.fullmatch(cell)) for cell in sample_of(grid, block, after.column)]
        if clocks and sum(clocks) >= 0.8 * len(clocks):
            out[place] = replace(role, clock=after.column)
            out[place + 1] = replace(after, field=IGNORED)
    return out


def _items_not_estates(grid: Grid, block: Block, kind: str, roles: list[Role]) -> list[Role]:
    """项目 over words such as 人员工资 is what was spent on, not where."""
    out = []
    for role in roles:
        cells = sample_of(grid, block, role.column) if role.field == "estate" and "小区" not in role.heading else []
        spent = sum(category_of(cell, kind) is not None for cell in cells)
        out.append(replace(role, field="item") if cells and spent >= 0.6 * len(cells) else role)
    return out


def _one_estate(kind: str, roles: list[Role]) -> list[Role]:
    """Where 小区 and 项目 stand side by side, 项目 is not the estate."""
    estates = [role for role in roles if role.field == "estate"]
    if len(estates) < 2 or not any("小区" in role.heading for role in estates):
        return roles
    other = _BESIDE_ESTATE.get(kind, IGNORED)
    return [
        replace(role, field=other) if role.field == "estate" and "小区" not in role.heading else role for role in roles
    ]


def _only_once(kind: str, roles: list[Role]) -> list[Role]:
    """Of two columns that mean the same field and have nothing to tell them apart, the more exact one counts."""
    seen: dict[tuple[object, ...], Role] = {}
    for role in roles:
        if not role.stored:
            continue
        spot = (role.field, *role.coordinates)
        if spot not in seen or _exactness(kind, role) > _exactness(kind, seen[spot]):
            seen[spot] = role
    kept = {role.column for role in seen.values()}
    return [role if not role.stored or role.column in kept else replace(role, field=IGNORED) for role in roles]


def _exactness(kind: str, role: Role) -> int:
    last = understand(role.heading.split(" ")[-1])
    return 3 if "有效" in last.base else 2 if last.base in _MAIN else 1 if last.field(kind) else 0


def _without_sums(roles: list[Role]) -> list[Role]:
    """A column of a longer period beside those of all its parts (全年 beside four quarters) is a total."""
    spans: dict[tuple[object, ...], list[tuple[int, int, int | None]]] = {}
    for role in roles:
        if role.part and role.part.months and role.part.end_year is None:
            same = (role.field, *role.coordinates[1:])
            spans.setdefault(same, []).append((*role.part.months, role.part.year))
    out = []
    for role in roles:
        if role.part and role.part.months and role.part.end_year is None:
            first, last = role.part.months
            within = [
                months
                for months in spans[role.field, *role.coordinates[1:]]
                if months[2] == role.part.year
                and first <= months[0]
                and months[1] <= last
                and (months[0], months[1]) != (first, last)
            ]
            covered = {month for start, end, _ in within for month in range(start, end + 1)}
            if covered == set(range(first, last + 1)):
                out.append(replace(role, field=TOTAL, part=None))
                continue
        out.append(role)
    return out


def _name_measure(kind: str, roles: list[Role], title: str) -> list[Role]:
    """Month columns without a word of their own hold what the title says."""
    if not any(role.part and role.field is None for role in roles):
        return roles
    measure = "amount_yuan"
    if kind == "fees":
        received = re.search(r"实收|收缴|到账|已收|缴费|收费", title)
        if re.search(r"应收", title) and not re.search(r"实收", title):
            measure = "receivable_yuan"
        elif received and not re.search(r"应收", title):
            measure = "received_yuan"
        else:
            return roles
    return [replace(role, field=measure) if role.part and role.field is None else role for role in roles]


def _unknown_categories(grid: Grid, block: Block, kind: str, roles: list[Role]) -> list[Role]:
    """A column of numbers among category columns is a category that we don't know: 其他, its words kept."""
    known = [role.column for role in roles if role.category]
    if len(known) < 2:
        return roles
    other = "其他" if kind == "costs" else "其他收入"
    groups = {block.paths[column][0] for column in known if len(block.paths[column]) > 1}
    out = []
    for role in roles:
        among = min(known) < role.column < max(known) or (
            len(block.paths[role.column]) > 1 and block.paths[role.column][0] in groups
        )
        beside = role.column in (min(known) - 1, max(known) + 1) and bool(_SPENT.search(role.heading))
        if role.field is None and role.part is None and (among or beside) and _numeric(grid, block, role.column):
            text = plain(block.paths[role.column][-1])
            out.append(replace(role, field="amount_yuan", category=other, item=text))
        else:
            out.append(role)
    return out


def _questions(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """Columns whose cells are answers are the questions of a questionnaire, one respondent a row."""
    open_to = (None, IGNORED, "reported_rate", "question", *LEVELS)
    out = []
    for role in roles:
        free = role.field in open_to and role.question is None and not _ANSWER_NOISE.search(role.heading)
        if free and _answers(grid, block, role.column):
            out.append(replace(role, field="answer", question=block.paths[role.column][-1], part=None))
        else:
            out.append(role)
    levels = {role.field for role in out} & set(LEVELS)
    if levels or any(role.field == "answer" for role in out):
        return out
    return _rates_by_question(grid, block, out)


def _rates_by_question(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """环境卫生满意率, 秩序维护满意率 …: a rate a question."""
    chosen = {
        role.column
        for role in roles
        if role.field in (None, IGNORED, "reported_rate")
        and re.search(r"(?<!不)满意(率|度)", role.heading)
        and _numeric(grid, block, role.column)
    }
    if len(chosen) < 2:
        return roles
    return [
        replace(role, field="reported_rate", question=block.paths[role.column][-1]) if role.column in chosen else role
        for role in roles
    ]


def _criteria(grid: Grid, block: Block, roles: list[Role], around: str) -> list[Role]:
    """A column with its maximum in the heading is a criterion; where criteria stand in the rows, an unnamed column of
    numbers is a scorer; in a sheet of scores any other unnamed column of numbers is a criterion."""
    in_rows = any(role.field == "criterion" for role in roles)
    titled = bool(TITLE_WORDS["inspections"].search(around))
    out = [_scored(grid, block, role, in_rows=in_rows, titled=titled) for role in roles]
    if in_rows and any(role.scorer for role in out):
        out = [replace(r, field=TOTAL) if r.field == "score" and not r.scorer else r for r in out]
    if any(role.criterion for role in out):
        out = [replace(r, field=TOTAL) if r.field == "score" and not r.criterion else r for r in out]
    return out


def _finest_criterion(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """Of several columns of criteria (考核项目, 考核内容) the finest filled in each row; the rest are groups."""
    columns = [role.column for role in roles if role.field == "criterion"]
    if len(columns) < 2:
        return roles
    filled = {column: len(sample_of(grid, block, column)) for column in columns}
    fineness = {column: _fineness(block.paths[column][-1]) for column in columns}
    finest = max(columns, key=lambda column: (fineness[column], filled[column], -column))
    if filled[finest] < max(filled.values()):
        finest = max(columns, key=lambda column: (filled[column], fineness[column], -column))
    return [replace(r, field=IGNORED) if r.field == "criterion" and r.column != finest else r for r in roles]


def _fineness(heading: str) -> int:
    """How fine a heading of criteria is: 标准 describes one, 项目 groups them, 内容 and 二级指标 are they."""
    if re.search(r"标准|细则|要求|办法", heading):
        return 0
    return 2 if re.search(r"内容|二级|三级|要点|要素|子项|细项|条目", heading) else 1


def _scored(grid: Grid, block: Block, role: Role, *, in_rows: bool, titled: bool) -> Role:
    path = block.paths[role.column]
    text = plain(path[-1])
    under_scores = len(path) > 1 and bool(_OVER_SCORERS.search(path[0]))
    if role.field in (None, "score", "criterion") and role.maximum and not in_rows:
        return replace(role, field="score", criterion=_without_maximum(text), part=None)
    if role.part is not None:
        return role
    if not in_rows and _A_SCORER.fullmatch(text) and _numeric(grid, block, role.column):
        return replace(role, field="score", scorer=text, part=None)
    free = role.field is None or (under_scores and role.field not in ("max_score", "deduction", TOTAL))
    if not free or not _numeric(grid, block, role.column):
        return role
    if in_rows:
        return replace(role, field="score", scorer=text, part=None)
    if role.field is None and titled and role.part is None:
        outer = understand(path[0])
        if len(path) > 1 and (outer.maximum is not None or not under_scores):
            return replace(
                role,
                field="score",
                criterion=_without_maximum(path[0]),
                scorer=text,
                maximum=outer.maximum or role.maximum,
            )
        return replace(role, field="score", criterion=_without_maximum(text))
    return role


def _without_maximum(text: str) -> str:
    return re.sub(r"\s*[(（\[【][^)）\]】]*分?[)）\]】]\s*$", "", plain(text)).strip() or plain(text)


@lru_cache(maxsize=4096)
def _level(text: str) -> str | None:
    return answer_level(text)


def sample_of(grid: Grid, block: Block, column: int) -> list[str]:
    """What the first cells of a column hold, blanks left out."""
    cells: list[str] = []
    for row in block.body[:SAMPLE]:
        value = grid.row(row)[column] if column < grid.width else None
        if value is not None and not is_blank(value):
            cells.append(plain(value))
    return cells


def _numeric(grid: Grid, block: Block, column: int) -> bool:
    cells = sample_of(grid, block, column)
    return bool(cells) and sum(is_number_like(cell) for cell in cells) >= 0.6 * len(cells)


def _answers(grid: Grid, block: Block, column: int) -> bool:
    cells = sample_of(grid, block, column)
    answers = sum(_level(cell) is not None for cell in cells if len(cell) < 12 and not is_number_like(cell))
    return len(cells) >= 2 and answers >= 0.7 * len(cells)


def profiled_roles(block: Block, profile: SheetProfile) -> tuple[Role, ...]:
    """The roles that a profile gives; columns that it doesn't name are left alone."""
    inner = {column_letter(column): path[-1] for column, path in block.paths.items()}
    joined = {column_letter(column): " ".join(path) for column, path in block.paths.items()}
    targets = {**profile.targets(inner)[0], **profile.targets(joined)[0]}
    roles = []
    for column, path in block.paths.items():
        letter = column_letter(column)
        name = targets.get(letter)
        left_alone = IGNORED if name or profile.ignore_others else None
        roles.append(_profiled(column, path, name if name and name != IGNORED else left_alone, profile))
        for target, (source, _) in profile.extract.items():
            if letter in columns_named(source, inner) or letter in columns_named(source, joined):
                roles.append(replace(_profiled(column, path, target, profile), extracted=True))
    return tuple(roles)


def _profiled(column: int, path: tuple[str, ...], name: str | None, profile: SheetProfile) -> Role:
    given = read_unit(profile.units[name]) if name and name in profile.units else None
    headings = tuple(understand(text) for text in path)
    return Role(
        column=column,
        heading=" ".join(path),
        field=name,
        unit=given or next((h.unit for h in reversed(headings) if h.unit), None),
        datum=profile.datum,
        weighted=name in profile.weighted,
        words=dict(profile.words.get(name, {})) if name else {},
    )
