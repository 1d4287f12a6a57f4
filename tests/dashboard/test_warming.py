from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event

import pytest

from dashboard import warming
from dashboard.published import Published, open_version, opened
from dashboard.selection import Selection
from dashboard.views import compare, estate, street_map
from dashboard.views.room import Room


@pytest.fixture
def fresh(demo_warehouse: Path, demo_raw: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """The demo street, of which nothing was asked yet."""
    monkeypatch.setenv("LIANPING_RAW", str(demo_raw))
    return open_version(demo_warehouse)


def test_a_prepared_page_is_the_very_one_that_is_shown(fresh: Published) -> None:
    for page in ("compare", "map", "estate", "definitions", ""):
        warming.prepare(page, fresh, Selection(lang="en"))
    made = dict(fresh.kept)
    compare.prepared(Room("compare", fresh, Selection(lang="en"), ()))
    street_map.prepared(Room("map", fresh, Selection(lang="en"), ()))
    estate.prepared(Room("estate", fresh, Selection(lang="en"), ()))
    assert fresh.kept.keys() == made.keys()
    assert all(fresh.kept[key] is made[key] for key in made)


def test_what_was_prepared_in_one_language_is_not_shown_in_the_other(fresh: Published) -> None:
    pages = {}
    for lang in warming.LANGUAGES:
        warming.prepare("compare", fresh, Selection(lang=lang))
        pages[lang] = compare.prepared(Room("compare", fresh, Selection(lang=lang), ()))[1]
    assert "满意率" in pages["zh"]
    assert "Satisfaction" in pages["en"]
    assert "Satisfaction" not in pages["zh"]


def test_each_view_is_prepared_once_and_the_first_screens_first(fresh: Published) -> None:
    views = list(warming.asked_first(fresh))
    assert [page for page, _ in views[:5]] == ["", "compare", "map", "estate", "definitions"]
    assert {view.lang for _, view in views[:5]} == {"zh"}
    assert len(views) == len(set(views))


def test_preparing_ends_when_a_newer_version_stands(demo_warehouse: Path, tmp_path: Path) -> None:
    folder = _copied(demo_warehouse, tmp_path)
    old = open_version(folder)
    _published_again(folder)
    warming.warm(old, Event())
    assert not old.kept


def test_a_newcomer_gets_the_new_version_and_who_was_there_keeps_the_old_one(
    demo_warehouse: Path, tmp_path: Path
) -> None:
    folder = _copied(demo_warehouse, tmp_path)
    old = opened(folder)
    assert opened(folder) is old
    _published_again(folder)
    new = opened(folder)
    assert new.version == "20990101T000000-0000" != old.version
    assert opened(folder, old.version) is old
    assert opened(folder, new.version) is new


def _copied(warehouse: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "warehouse"
    shutil.copytree(warehouse, folder, ignore=shutil.ignore_patterns("staged"))
    return folder


def _published_again(folder: Path) -> None:
    """The same data under another version's name."""
    import duckdb

    before = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    after = "20990101T000000-0000"
    shutil.copyfile(folder / f"lianping-{before}.duckdb", folder / f"lianping-{after}.duckdb")
    with duckdb.connect(str(folder / f"lianping-{after}.duckdb")) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'version'", [after])
    (folder / "CURRENT").write_text(after, encoding="utf-8")
