"""The star board of the page 评星: who has how many stars, how sure, what moved, and what must be said of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard import numbers
from dashboard.charts.stars import Chance, StarBoard, StarRow
from dashboard.stories.rating_source import Source
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.analysis.rating.accounts import Account
from pipelines.analysis.rating.results import Rated
from pipelines.words import Language

ALL_STARS: Final = (1, 2, 3, 4, 5)
SURE: Final = 0.8
"""From this chance on a movement has a mark; and a star that is less sure is said to be so."""


@dataclass(frozen=True)
class Counts:
    """How many subjects have a star, none, or are not rated since nobody manages them."""

    starred: int
    none: int
    unmanaged: int
    best: int


def ranked(found: Source) -> tuple[Rated, ...]:
    """Best star first, then by score; those without a star below; those that nobody manages last."""
    return tuple(sorted(found.rating.subjects, key=_rank))


def counts(found: Source) -> Counts:
    """How many there are of each."""
    accounts = [one.account for one in found.rating.subjects]
    unmanaged = sum(_reason(one) == "unmanaged" for one in accounts)
    starred = sum(one.stars is not None for one in accounts)
    return Counts(starred, len(accounts) - starred - unmanaged, unmanaged, sum(one.stars == 5 for one in accounts))


def board(found: Source, picked: str, lang: Language) -> StarBoard:
    """The board, best first."""
    words = tuple(star_word(found, one, lang) for one in ALL_STARS)
    heads = ("head_" + found.by, "head_star", "head_score", "head_moved", "head_next", "head_note")
    rows = []
    place = 0
    for one in ranked(found):
        place += one.account.stars is not None
        rows.append(_row(found, one, str(place) if one.account.stars is not None else numbers.NONE, picked, lang))
    named = tuple(say(f"rating.{one}", lang) for one in heads)
    return StarBoard(tuple(rows), (named[0], named[1], named[2], named[3], named[4], named[5]), words, found.is_trial)


def star_word(found: Source, stars: int | None, lang: Language) -> str:
    """What a star is called by the rubric."""
    return found.rating.rubric.named(stars)[0 if lang == "zh" else 1]


def notes(found: Source, one: Rated, lang: Language) -> list[str]:
    """What must be said of a subject: why no star, what caps it, what was not submitted, who stood aside."""
    account = one.account
    zh = lang == "zh"
    if account.no_star_reason is not None:
        return [account.no_star_reason.zh if zh else account.no_star_reason.en]
    said = [
        say("rating.note_cap", lang, what=cap.zh if zh else cap.en, star=star_word(found, cap.at, lang))
        for cap in account.caps
    ]
    missing = [line for line in account.lines if line.status == "missing"]
    said += [say("rating.note_missing", lang, what=line.zh if zh else line.en) for line in missing]
    partly = [line for line in account.lines if line.status == "scored" and line.missing_zh]
    said += [f"{line.zh} {line.missing_zh}" if zh else f"{line.en}: {line.missing_en}" for line in partly]
    few = [line for line in account.lines if line.status == "left_out"]
    said += [say("rating.note_few", lang, what=line.zh if zh else line.en) for line in few]
    if found.papers is not None and (away := len(found.papers.recused.get(account.subject, ()))):
        said.append(say("rating.note_recused", lang, count=away))
    return said


def movement(found: Source, one: Rated, lang: Language) -> tuple[Mark, str]:
    """What moved since the round before; a mark only where it is at least 80 % sure."""
    before, now = found.before, one.account.stars
    if before is None or one.account.subject not in before.stars:
        return "none", say("rating.moved_new", lang) if before is not None else numbers.NONE
    was = before.stars[one.account.subject]
    if now is None or was is None:
        return "none", numbers.NONE if now is None else say("rating.moved_first", lang)
    if now == was:
        return "none", say("rating.moved_none", lang)
    steps = abs(now - was)
    word = say("rating.moved_up" if now > was else "rating.moved_down", lang, count=numbers.number(steps),
               word=_numeral(steps, lang))  # fmt: skip
    by_star = one.chances.by_star if one.chances is not None else {}
    sure = sum(share for star, share in by_star.items() if (star > was) == (now > was) and star != was)
    if sure < SURE:
        return "same", word
    return ("better" if now > was else "worse"), word


def _row(found: Source, one: Rated, rank: str, picked: str, lang: Language) -> StarRow:
    account = one.account
    mark, moved = movement(found, one, lang)
    digits = found.rating.rubric.decimals
    shown = account.score if account.stars is not None or _reason(account) in {"below_lowest", "veto"} else None
    given = one.chances.by_star.get(account.stars or 0, 0.0) if one.chances is not None else 1.0
    return StarRow(
        rank=rank,
        subject=account.subject,
        stars=account.stars,
        star_word=star_word(found, account.stars, lang),
        score=numbers.number(shown, digits),
        value=shown,
        chances=tuple(_chance(one, star) for star in ALL_STARS) if account.stars is not None else (),
        mark=mark,
        moved=moved,
        to_next=numbers.number(account.to_next, digits) if account.stars is not None else numbers.NONE,
        note=("；" if lang == "zh" else "; ").join(notes(found, one, lang)),
        is_picked=account.subject == picked,
        is_unsure=account.stars is not None and given < SURE,
    )


def _chance(one: Rated, star: int) -> Chance:
    share = one.chances.by_star.get(star, 0.0) if one.chances is not None else 0.0
    text = f"{share * 100:.0f}"
    text = {"0": numbers.NONE, "100": ">99"}.get(text, text)
    return Chance(text, share, one.account.stars == star)


def _numeral(count: int, lang: Language) -> str:
    if lang == "zh":
        return "零一二三四五"[count]
    return ("no", "one", "two", "three", "four", "five")[count]


def _reason(account: Account) -> str:
    return account.no_star_reason.code if account.no_star_reason is not None else ""


def _rank(one: Rated) -> tuple[bool, int, float, str]:
    account = one.account
    return (
        _reason(account) == "unmanaged",
        -(account.stars or 0),
        -(account.score if account.score is not None else -1.0),
        account.subject,
    )
