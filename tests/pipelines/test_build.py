from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import small_street

from pipelines import build, intake, publishing, warehouse
from pipelines.build import Rules
from pipelines.summary import Summary

pytestmark = pytest.mark.timeout(120)
NOON = datetime(2025, 6, 30, 12, 0)


class Street:
    """A folder of submissions, its warehouse, and what was said and read during the loads."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.warehouse = folder / "raw", folder / "warehouse"
        self.raw.mkdir()
        self.diary = folder / "diary.txt"
        self.said: list[str] = []

    def send(self, name: str, text: str, age: float = 3600.0) -> Path:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        moment = time.time() - age
        os.utime(path, (moment, moment))
        return path

    def load(self, now: datetime = NOON, rules_of: Callable[[Path], Rules] = small_street.rules_of) -> Summary:
        return build.load([self.raw], self.warehouse, rules_of, tell=self.tell, now=now)

    def tell(self, key: str, **_values: object) -> None:
        self.said.append(key)

    def read(self) -> list[str]:
        lines = self.diary.read_text(encoding="utf-8").split() if self.diary.exists() else []
        self.diary.unlink(missing_ok=True)
        return sorted(lines)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        connection = warehouse.open_published(self.warehouse)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture
def street(tmp_path: Path) -> Street:
    return Street(tmp_path)


def shape(summary: Summary) -> dict[str, tuple[object, ...]]:
    return {
        one.file: (one.status, one.rows_loaded, one.rows_quarantined, one.findings["error"]) for one in summary.files
    }


def test_a_load_publishes_the_files_and_says_what_became_of_each(street: Street) -> None:
    street.send("翠湖/收费.csv", "翠湖,3,100\n翠湖,4,一百\n")
    street.send("copy.csv", "春晖,3,70\n")
    street.send("同一份.csv", "春晖,3,70\n", age=7200)
    street.send("broken.csv", "garbage")
    summary = street.load()
    assert shape(summary) == {
        "broken.csv": ("rejected", {}, 1, 1),
        "copy.csv": ("unchanged", {}, 0, 0),
        "同一份.csv": ("loaded", {"fees": 1}, 0, 0),
        "翠湖/收费.csv": ("loaded", {"fees": 1}, 1, 1),
    }
    assert summary.exit_code(strict=False) == 1
    assert street.ask("SELECT estate, period_start::VARCHAR, receivable_yuan, source_file FROM fees ORDER BY 1") == [
        ("春晖", "2025-03-01", 70.0, "同一份.csv"),
        ("翠湖", "2025-03-01", 100.0, "翠湖/收费.csv"),
    ]
    meta = dict(street.ask("SELECT key, value FROM meta"))
    assert meta["version"] == summary.version
    assert meta["built_at"] == "2025-06-30T12:00:00"


def test_an_unchanged_file_is_not_read_again(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.send("b.csv", "春晖,3,70\n")
    first = street.load()
    assert street.read() == ["a.csv", "b.csv"]
    street.send("b.csv", "春晖,3,71\n", age=60)
    second = street.load()
    assert street.read() == ["b.csv"]
    assert second.version > first.version
    assert street.ask("SELECT sum(receivable_yuan) FROM fees") == [(171.0,)]


def test_where_nothing_has_changed_nothing_is_published(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n翠湖,4,一百\n")
    first = street.load()
    again = street.load(datetime(2025, 7, 1))
    assert again.unchanged
    assert (again.version, shape(again)) == (first.version, shape(first))
    assert len(warehouse.versions(street.warehouse)) == 1


def test_a_changed_setting_reads_everything_anew(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.load()
    street.read()
    (street.raw / "street.toml").write_text("[street]\n", encoding="utf-8")
    assert not street.load().unchanged
    assert street.read() == ["a.csv"]


def test_a_removed_file_leaves_the_warehouse_and_the_cache(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    gone = street.send("b.csv", "春晖,3,70\n")
    street.load()
    gone.unlink()
    street.load()
    assert street.ask("SELECT estate FROM fees") == [("翠湖",)]
    assert len([one for one in (street.warehouse / "staged").iterdir() if one.is_dir()]) == 1


def test_a_torn_cache_is_read_anew(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.load()
    street.read()
    for frame in (street.warehouse / "staged").glob("*/records-fees.arrow"):
        frame.write_bytes(b"")
    street.send("b.csv", "春晖,3,70\n")
    street.load()
    assert street.read() == ["a.csv", "b.csv"]
    assert street.ask("SELECT count(*) FROM fees") == [(2,)]


def test_a_withdrawn_file_is_listed_but_not_loaded_and_the_state_before_it_returns(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.send("b.csv", "春晖,3,70\n")
    street.load()
    log = street.raw / "arrivals.csv"
    content = street.ask("SELECT sha256 FROM submissions WHERE source_file = 'b.csv'")[0][0]
    log.write_text(log.read_text() + f"{content},,,2025-07-01T09:00:00,发错了\n", encoding="utf-8")
    summary = street.load(datetime(2025, 7, 1, 10))
    assert shape(summary) == {"a.csv": ("loaded", {"fees": 1}, 0, 0), "b.csv": ("superseded", {}, 0, 0)}
    assert street.ask("SELECT estate FROM fees") == [("翠湖",)]


def test_the_first_arrival_is_kept_over_later_loads(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.load()
    street.send("b.csv", "春晖,3,70\n")
    street.load(datetime(2025, 7, 7, 9))
    assert street.ask("SELECT source_file, loaded_at FROM submissions ORDER BY 1") == [
        ("a.csv", NOON),
        ("b.csv", datetime(2025, 7, 7, 9)),
    ]


def test_files_that_hang_die_or_are_not_foreseen_are_one_finding_each(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("die", "break"):
        street.send(f"{name}.csv", name)
    street.send("a.csv", "翠湖,3,100\n")
    summary = street.load()
    assert {one.file: one.status for one in summary.files} == {
        "a.csv": "loaded", "break.csv": "rejected", "die.csv": "rejected",
    }  # fmt: skip
    found = street.ask("SELECT source_file, code, source_cell FROM findings ORDER BY 1")
    assert found == [("break.csv", "unreadable_file", ""), ("die.csv", "unreadable_file", "")]


def test_a_file_that_was_given_up_is_tried_again_by_the_next_load(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.send("die.csv", "die")
    assert not street.load().unchanged
    street.read()
    assert not street.load().unchanged
    assert street.read() == ["die.csv"]


def test_an_empty_folder_changes_nothing(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    first = street.load()
    (street.raw / "a.csv").unlink()
    with pytest.raises(build.NothingFoundError):
        street.load()
    assert warehouse.current(street.warehouse) == first.version


def test_where_no_file_can_be_read_the_old_version_stays_and_the_reasons_are_given(street: Street) -> None:
    old = street.send("a.csv", "翠湖,3,100\n")
    first = street.load()
    old.write_text("garbage", encoding="utf-8")
    with pytest.raises(build.NothingReadableError) as caught:
        street.load()
    assert caught.value.reasons == [("a.csv", "不是表格", "not a spreadsheet")]
    assert warehouse.current(street.warehouse) == first.version


def test_a_disk_full_of_readings_or_tables_leaves_the_old_version(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    first = street.load()
    street.send("b.csv", "春晖,3,70\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_write", full)
        with pytest.raises(publishing.NotPublishedError, match="No space left"):
            street.load()
    with monkeypatch.context() as patch:
        patch.setattr(intake, "_result", functools.partial(_as_if_full, intake._result))
        street.send("c.csv", "柳岸,3,70\n")
        with pytest.raises(intake.StagingFullError):
            street.load()
    assert warehouse.current(street.warehouse) == first.version
    assert street.ask("SELECT count(*) FROM fees") == [(1,)]


def _as_if_full(result: Callable[..., object], outcome: object, staged: Path) -> object:
    return result(replace(outcome, fate="full", detail="No space left"), staged)  # type: ignore[type-var]


def test_leftovers_of_a_dead_load_are_cleared_and_named(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.warehouse.mkdir()
    (street.warehouse / ".building-20250101T000000-aaaa").write_bytes(b"half")
    (street.warehouse / "LOADING").write_text(
        '{"pid": 1, "host": "h", "user": "u", "started_at": "2025-01-01T00:00:00"}'
    )
    street.load()
    assert street.said == ["took_over"]
    names = sorted(one.name for one in street.warehouse.iterdir())
    assert [one.rpartition("-")[0] or one for one in names] == [
        "CURRENT",
        "LOADING",
        "lianping-20250630T120000",
        "staged",
    ]


def test_a_check_publishes_and_writes_nothing(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.load()
    street.send("b.csv", "春晖,3,七十\n")
    before = sorted(str(one) for one in street.raw.parent.rglob("*") if one.name != "diary.txt")
    log = (street.raw / "arrivals.csv").read_text()
    street.read()
    found = build.check([street.raw], street.warehouse, small_street.rules_of, tell=street.tell)
    assert found.findings.select("source_file", "source_cell", "code").rows() == [("b.csv", "C1", "unparseable")]
    assert street.read() == ["b.csv"]
    after = sorted(str(one) for one in street.raw.parent.rglob("*") if one.name != "diary.txt")
    assert (after, (street.raw / "arrivals.csv").read_text()) == (before, log)


def test_a_check_knows_the_published_estates(street: Street) -> None:
    street.send("a.csv", "翠湖,3,100\n")
    street.load()
    known: list[list[str]] = []

    def rules_of(folder: Path) -> Rules:
        rules = small_street.rules_of(folder)

        def assemble(submissions, register, now):  # type: ignore[no-untyped-def]
            known.append(register["estate"].to_list())
            return rules.assemble(submissions, register, now)

        return replace(rules, assemble=assemble)

    build.check([street.raw / "a.csv"], street.warehouse, rules_of, tell=street.tell)
    assert known == [["翠湖"]]
