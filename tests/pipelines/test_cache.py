from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
import small_street

from pipelines import cache, fingerprints
from pipelines.staged import Reading


def reading_of(folder: Path, text: str) -> Reading:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return small_street.read(path, "收费/a.csv")


def same(one: Reading, other: Reading) -> bool:
    names = ("findings", "quarantine", "ledger", "counted")
    frames = all(getattr(one, name).equals(getattr(other, name)) for name in names)
    records = one.records.keys() == other.records.keys() and all(
        one.records[kind].equals(other.records[kind]) for kind in one.records
    )
    rest = [(it.layouts, it.filed_on, it.modified, it.rejected) for it in (one, other)]
    return frames and records and rest[0] == rest[1]


def test_a_kept_reading_comes_back_as_it_was(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "翠湖,3,100\n春晖,4,错\n")
    cache.keep(tmp_path / "staged", "k", reading)
    found = cache.recall(tmp_path / "staged", "k")
    assert found is not None
    assert same(found, reading)
    cache.keep(tmp_path / "staged", "k", reading)
    assert [one.name for one in (tmp_path / "staged").iterdir()] == ["k"]


@pytest.mark.parametrize("harm", ["truncate", "flip", "lose", "empty"])
def test_a_reading_torn_by_a_power_cut_is_thrown_away(tmp_path: Path, harm: str) -> None:
    staged = tmp_path / "staged"
    cache.keep(staged, "k", reading_of(tmp_path, "翠湖,3,100\n"))
    frame = staged / "k" / "records-fees.arrow"
    content = bytearray(frame.read_bytes())
    if harm == "truncate":
        frame.write_bytes(content[:-7])
    elif harm == "flip":
        content[len(content) // 2] ^= 1
        frame.write_bytes(content)
    elif harm == "lose":
        frame.unlink()
    else:
        (staged / "k" / "reading.json").write_bytes(b"")
    assert cache.recall(staged, "k") is None
    assert not (staged / "k").exists()


def test_pruning_leaves_what_was_used_and_the_index(tmp_path: Path) -> None:
    for key in ("used", "old"):
        cache.keep(tmp_path, key, reading_of(tmp_path, "翠湖,3,100\n"))
    (tmp_path / ".writing-x-1").mkdir()
    (tmp_path / "hashes.json").write_text("{}")
    cache.prune(tmp_path, {"used"})
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "hashes.json", "used"]


def test_the_key_tells_bytes_names_and_circumstances_apart() -> None:
    keys = {
        cache.key_of(*one)
        for one in [("a", "b", "c"), ("x", "b", "c"), ("a", "x", "c"), ("a", "b", "x"), ("ab", "", "c")]
    }
    assert len(keys) == 5


def aged(path: Path, text: str) -> None:
    path.write_text(text)
    before = time.time() - 60
    os.utime(path, (before, before))


def test_an_unchanged_file_is_hashed_once_and_a_changed_one_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, index = tmp_path / "a.csv", tmp_path / "hashes.json"
    aged(path, "one")
    hashed: list[Path] = []
    real = fingerprints.of_file
    monkeypatch.setattr(fingerprints, "of_file", lambda one: (hashed.append(one), real(one))[1])

    def load() -> str:
        hashes = fingerprints.Hashes(index)
        found = hashes.of(path)
        hashes.keep()
        return found

    first = load()
    assert load() == first
    assert len(hashed) == 1
    aged(path, "two")
    assert load() != first
    assert len(hashed) == 2


def test_a_file_changed_a_moment_ago_is_not_trusted_by_its_time(tmp_path: Path) -> None:
    path, index = tmp_path / "a.csv", tmp_path / "hashes.json"
    path.write_text("one")
    hashes = fingerprints.Hashes(index)
    hashes.of(path)
    hashes.keep()
    assert not index.exists()


def test_fingerprints_are_the_same_for_equal_values_only() -> None:
    @dataclass(frozen=True)
    class Setting:
        names: frozenset[str]
        limits: dict[str, int]

    one = Setting(frozenset({"a", "b", "c"}), {"电梯": 3})
    assert fingerprints.of(one) == fingerprints.of(Setting(frozenset({"c", "b", "a"}), {"电梯": 3}))
    assert fingerprints.of(one) != fingerprints.of(Setting(frozenset({"a", "b"}), {"电梯": 3}))
    assert fingerprints.of(["a", "b"]) != fingerprints.of(["ab"])
    with pytest.raises(TypeError):
        fingerprints.of(pl.DataFrame())
