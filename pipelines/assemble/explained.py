"""Puts the register's name where a sender writes an estate's name in a way that a clerk explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from pipelines.assemble.whereabouts import SUBJECT
from pipelines.mending.memory import Explanation, Memory
from pipelines.mending.names import canonical
from pipelines.staged import Layout, Submission


def named_as_explained(submissions: Sequence[Submission], memory: Memory) -> list[Submission]:
    """The submissions with explained names replaced, in cells and in the texts around tables."""
    return [_named(one, memory.of("estate", one.file)) for one in submissions]


def _named(submission: Submission, explained: Mapping[str, Explanation]) -> Submission:
    if not explained:
        return submission
    reading = submission.reading
    records = {kind: _replaced(frame, SUBJECT[kind], explained) if kind in SUBJECT else frame
               for kind, frame in reading.records.items()}  # fmt: skip
    layouts = tuple(_spoken(one, explained) for one in reading.layouts)
    return replace(submission, reading=replace(reading, records=records, layouts=layouts))


def _replaced(frame: pl.DataFrame, column: str, explained: Mapping[str, Explanation]) -> pl.DataFrame:
    names = frame[column].drop_nulls().unique().to_list()
    meant = {name: explained[canonical(name)].meaning for name in names if canonical(name) in explained}
    return frame.with_columns(pl.col(column).replace(meant)) if meant else frame


def _spoken(layout: Layout, explained: Mapping[str, Explanation]) -> Layout:
    contexts = []
    for text in layout.contexts:
        told = text
        for one in explained.values():
            told = told.replace(one.word, one.meaning)
        contexts.append(told)
    return replace(layout, contexts=tuple(contexts))
