"""Writes the evidence of a rating down and reads it back, to be rated again years later without the street.

Canonical JSON: the same evidence gives the same bytes, floats come back as they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pipelines.analysis.rating.evidence import Datum, Entry, Evidence, Score

_FORM = 1


class NotEvidenceError(ValueError):
    """A text that holds no stored evidence of this form."""


def evidence_text(evidence: Sequence[Evidence]) -> str:
    """All evidence as text, one line a subject, by name."""
    known = sorted(evidence, key=lambda one: (one.by, one.subject))
    lines = (json.dumps(asdict(one), ensure_ascii=False, sort_keys=True, default=_day) for one in known)
    return f'{{"form": {_FORM}, "evidence": [\n' + ",\n".join(lines) + "\n]}\n"


def read_evidence(text: str) -> tuple[Evidence, ...]:
    """The evidence that was written. Raises NotEvidenceError."""
    try:
        told = json.loads(text)
        if told["form"] != _FORM:
            raise NotEvidenceError(f"form {told['form']}")
        return tuple(_evidence(one) for one in told["evidence"])
    except (KeyError, TypeError, ValueError) as fault:
        raise NotEvidenceError(str(fault)) from fault


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _evidence(plain: Mapping[str, Any]) -> Evidence:
    data = {name: _datum(one) for name, one in plain["data"].items()}
    entries = tuple(_entry(one) for one in plain["entries"])
    return Evidence(**{**plain, "data": data, "entries": entries, "estates": tuple(plain["estates"])})


def _datum(plain: Mapping[str, Any]) -> Datum:
    scores = tuple(Score(**one) for one in plain["scores"])
    return Datum(**{**plain, "scores": scores, "caveats": tuple(plain["caveats"])})


def _entry(plain: Mapping[str, Any]) -> Entry:
    expires = plain["expires"]
    days = {"on": date.fromisoformat(plain["on"]), "expires": date.fromisoformat(expires) if expires else None}
    return Entry(**{**plain, **days})
