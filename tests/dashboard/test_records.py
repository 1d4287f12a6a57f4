"""A sealed meeting opens as it was, or says which of its files is not what was sealed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from threading import Thread

import pytest

from dashboard.records import (
    Frozen,
    SealBrokenError,
    UnknownMeetingError,
    broken,
    freeze,
    frozen,
    open_frozen,
    records_folder,
)

DAY = date(2025, 7, 7)
NOW = datetime(2025, 7, 7, 10, 30)
PAGES = {"zh": "<p>例会\n</p>", "en": "<p>meeting\r\n</p>"}
INPUTS = {"as_of": "2025-07-06", "code": "abc"}


def seal(records: Path, payload: bytes = b'{"a":1}', day: date = DAY, by: str = "王敏") -> Frozen:
    return freeze(records, day, payload, PAGES, "lianping-1", INPUTS, by, NOW)


def test_a_meeting_is_sealed_and_opens_as_it_was(tmp_path: Path) -> None:
    made = seal(tmp_path)
    folder = tmp_path / "meetings" / "2025-07-07-01"
    assert made == Frozen(
        name="2025-07-07-01",
        folder=folder,
        meeting_day=DAY,
        number=1,
        version="lianping-1",
        inputs=INPUTS,
        by="王敏",
        sealed_at=NOW,
        payload=b'{"a":1}',
        html=PAGES,
    )
    assert open_frozen(tmp_path, "2025-07-07-01") == made
    assert sorted(one.name for one in folder.iterdir()) == [
        "manifest.json", "meeting.json", "page.en.html", "page.zh.html",
    ]  # fmt: skip
    assert [one.name for one in folder.parent.iterdir()] == ["2025-07-07-01"]


def test_a_second_sealing_of_a_day_gets_the_next_number(tmp_path: Path) -> None:
    first, second = seal(tmp_path, b"1"), seal(tmp_path, b"2")
    other = seal(tmp_path, b"3", date(2025, 6, 30))
    assert [one.name for one in frozen(tmp_path)] == ["2025-07-07-02", "2025-07-07-01", "2025-06-30-01"]
    assert [one.payload for one in frozen(tmp_path)] == [second.payload, first.payload, other.payload]


def test_people_who_seal_at_once_do_not_overwrite_each_other(tmp_path: Path) -> None:
    threads = [Thread(target=seal, args=(tmp_path, str(number).encode())) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.payload for one in frozen(tmp_path)) == sorted(str(number).encode() for number in range(12))
    assert len([*(tmp_path / "meetings").iterdir()]) == 12


def change(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes().replace(b"1", b"2") + b" ")


def claim(folder: Path) -> object:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return (folder / "manifest.json").write_text(json.dumps(manifest | {"by": "someone else"}), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "file"),
    [
        (change("meeting.json"), "meeting.json"),
        (change("page.zh.html"), "page.zh.html"),
        (change("manifest.json"), "manifest.json"),
        (claim, "manifest.json"),
        (lambda folder: (folder / "page.en.html").unlink(), "page.en.html"),
        (lambda folder: (folder / "page.fr.html").write_text("x"), "page.fr.html"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "manifest.json"),
        (lambda folder: folder.rename(folder.with_name("2025-07-14-01")), "manifest.json"),
    ],
)
def test_a_broken_seal_names_the_file(tmp_path: Path, harm: Callable[[Path], object], file: str) -> None:
    made = seal(tmp_path)
    whole = seal(tmp_path, day=date(2025, 6, 30))
    harm(made.folder)
    name = next(one.name for one in (tmp_path / "meetings").iterdir() if one.name != whole.name)
    with pytest.raises(SealBrokenError) as told:
        open_frozen(tmp_path, name)
    assert (told.value.name, told.value.file) == (name, file)
    assert frozen(tmp_path) == [whole]
    assert [(one.name, one.file) for one in broken(tmp_path)] == [(name, file)]


@pytest.mark.parametrize("name", ["2025-07-08-01", "../meetings/2025-07-07-01", "", ".", "2025-07-07-01/..", "x"])
def test_a_meeting_that_was_never_sealed_is_unknown(tmp_path: Path, name: str) -> None:
    seal(tmp_path)
    with pytest.raises(UnknownMeetingError):
        open_frozen(tmp_path, name)


def test_a_failure_leaves_nothing_half_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="disk full"):
        seal(tmp_path)
    assert [*(tmp_path / "meetings").iterdir()] == []


def test_a_leftover_of_a_crash_is_no_meeting(tmp_path: Path) -> None:
    made = seal(tmp_path)
    shutil.copytree(made.folder, made.folder.with_name(".0123456789abcdef"))
    assert frozen(tmp_path) == [made]


def test_records_are_kept_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIANPING_RECORDS", raising=False)
    assert records_folder() == Path("data/records")
    monkeypatch.setenv("LIANPING_RECORDS", "/x/y")
    assert records_folder() == Path("/x/y")
    assert frozen(Path("/x/y")) == []
