"""Writes what a page told as canonical JSON, so that it can be sealed, and reads it back as the same values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_CLASS: Final = "$"
_PLAIN: Final = (NoneType, bool, int, float, str)

Told = TypeVar("Told")


class UnreadableError(ValueError):
    """A text that holds no value of the class asked for: not ours, or written by a version too different."""


def dumps(report: object) -> bytes:
    """Canonical JSON (UTF-8, keys sorted, no spaces) of frozen dataclasses, tuples, mappings, days, times and texts.

    Each dataclass carries its name, so that unions can be read back; a text that looks like a day is read as one only
    where the field may be a day. Equal values give equal bytes. Raises TypeError
    for anything else, ValueError for a number that is none.
    """
    plain = _plain(report)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def loads(content: bytes, cls: type[Told]) -> Told:
    """The value of this dataclass that `dumps` wrote. Raises UnreadableError."""
    try:
        made = _made(json.loads(content), cls)
    except (ValueError, TypeError, KeyError) as mistake:
        raise UnreadableError(f"no {cls.__name__}: {mistake}") from mistake
    if not isinstance(made, cls):
        raise UnreadableError(f"no {cls.__name__}")
    return made


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        held = {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.init}
        return {_CLASS: type(value).__name__} | held
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) and key != _CLASS for key in value):
            raise TypeError(f"keys must be texts other than {_CLASS}")
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, _PLAIN):
        return value
    raise TypeError(f"{type(value).__name__} can't be sealed")


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _made(value: Any, kind: Any) -> Any:
    """The plain value as the type says; raises ValueError where it isn't of the type."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in (object, Any):
        return value
    if origin in (Union, UnionType):
        return _one_of(value, inner)
    if origin is Literal:
        return _sure(value, lambda: value in inner, kind)
    if origin in (tuple, list):
        _sure(value, lambda: isinstance(value, list), kind)
        if origin is list or inner[-1:] == (...,):
            return origin(_made(one, inner[0]) for one in value)
        return tuple(_made(one, part) for one, part in zip(value, inner, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        _sure(value, lambda: isinstance(value, dict), kind)
        return {key: _made(one, inner[1]) for key, one in value.items()}
    if is_dataclass(kind):
        return _dataclass(value, kind)
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if kind is float:
        return _sure(value, lambda: type(value) in (int, float), kind)
    return _sure(value, lambda: type(value) is kind, kind)


def _one_of(value: Any, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        try:
            return _made(value, kind)
        except (ValueError, TypeError):
            continue
    raise ValueError(f"{value!r:.80} is none of {kinds}")


def _dataclass(value: Any, kind: Any) -> Any:
    _sure(value, lambda: isinstance(value, dict) and value.get(_CLASS) == kind.__name__, kind)
    known = [one for one in fields(kind) if one.init]
    if set(value) - {_CLASS} - {one.name for one in known}:
        raise ValueError(f"{kind.__name__} has no {sorted(set(value) - {_CLASS} - {one.name for one in known})}")
    needed = [one.name for one in known if one.default is MISSING and one.default_factory is MISSING]
    if missing := [name for name in needed if name not in value]:
        raise ValueError(f"{kind.__name__} lacks {missing}")
    return kind(**{one.name: _made(value[one.name], _hints(kind)[one.name]) for one in known if one.name in value})


def _sure(value: Any, holds: Callable[[], bool], kind: Any) -> Any:
    if not holds():
        raise ValueError(f"{value!r:.80} is no {kind}")
    return value
