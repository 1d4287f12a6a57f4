"""Which files of a folder are submissions."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from pipelines.reading.inbox import find_submissions


def put(root: Path, *names: str, content: str = "x") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def names(root: Path, *more: Path) -> list[str]:
    return [found.file for found in find_submissions([root, *more]).submissions]


def test_submissions_are_found_at_any_depth_in_the_order_of_their_names(tmp_path: Path) -> None:
    put(tmp_path, "b.xlsx", "a/2.CSV", "a/1.xls", "a/深/3.ods")
    assert names(tmp_path) == ["a/1.xls", "a/2.CSV", "a/深/3.ods", "b.xlsx"]


def test_lock_files_own_files_and_leavings_of_the_system_are_ignored(tmp_path: Path) -> None:
    put(
        tmp_path,
        "~$a.xlsx",
        ".hidden.xlsx",
        "Thumbs.db",
        "desktop.ini",
        "street.toml",
        "profile.toml",
        "arrivals.csv",
        "sub/arrivals.csv",
        "aliases.csv",
        "actions.d/1.csv",
        "__MACOSX/a.xlsx",
        "README.md",
        "notes.json",
        "run.log",
        "x.py",
    )
    inbox = find_submissions([tmp_path])
    assert (inbox.submissions, inbox.boundaries, inbox.refused) == ((), (), ())


def test_other_formats_are_refused_with_what_to_do(tmp_path: Path) -> None:
    put(tmp_path, "a.et", "b.PDF", "c.docx", "d.rar", "e.xlsm", "f.jpg", "g.csv.gz", "h.txt")
    refused = find_submissions([tmp_path]).refused
    assert [r.found.file for r in refused] == [
        "a.et",
        "b.PDF",
        "c.docx",
        "d.rar",
        "e.xlsm",
        "f.jpg",
        "g.csv.gz",
        "h.txt",
    ]
    assert refused[0].zh == (
        ".et 是 WPS 表格专用格式，不能读取。在 WPS 或 Excel 中打开，点“文件—另存为”，类型选 .xlsx。"
    )
    assert refused[0].en == (
        ".et is a format of WPS only and is not read. Open it in WPS or Excel, choose File, Save as, type .xlsx."
    )
    assert all(r.zh and r.en for r in refused)


def test_boundaries_are_told_by_ending_and_a_json_by_its_content(tmp_path: Path) -> None:
    put(tmp_path, "a.geojson", "b.gpkg")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as shapefile:
        shapefile.writestr("layer/街道.SHP", b"")
    put(tmp_path, "d.json", content='{"features": [], "type": "FeatureCollection"}')
    put(tmp_path, "e.json", content='{"type": "Feature"}')
    put(tmp_path, "f.json", content='["FeatureCollection"]')
    assert [b.file for b in find_submissions([tmp_path]).boundaries] == ["a.geojson", "b.gpkg", "c.zip", "d.json"]


def test_a_zip_of_workbooks_is_to_be_unpacked_first(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.xlsx", b"")
    put(tmp_path, "b.zip")
    inbox = find_submissions([tmp_path])
    assert inbox.boundaries == ()
    assert [r.zh for r in inbox.refused] == [".zip 是压缩包，不能读取。请先解压，把里面的表格文件放进来。"] * 2


def test_the_demo_folder_is_read_only_when_it_is_the_folder_given(tmp_path: Path) -> None:
    put(tmp_path, "demo/DEMO.md", "demo/a.xlsx", "b.xlsx", "sub/demo/DEMO.md", "sub/demo/c.xlsx")
    assert names(tmp_path) == ["b.xlsx", "sub/demo/c.xlsx"]
    assert names(tmp_path / "demo") == ["a.xlsx"]


def test_a_folder_named_demo_without_the_marker_is_an_ordinary_folder(tmp_path: Path) -> None:
    put(tmp_path, "demo/a.xlsx")
    assert names(tmp_path) == ["demo/a.xlsx"]


def test_a_single_file_goes_by_its_name(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.xlsx")
    assert names(tmp_path / "sub" / "a.xlsx") == ["a.xlsx"]


def test_a_file_given_twice_counts_once(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.xlsx")
    assert names(tmp_path, tmp_path / "sub", tmp_path / "sub" / ".." / "sub" / "a.xlsx") == ["sub/a.xlsx"]


def test_the_same_relative_path_in_two_folders_gets_the_folder_s_name(tmp_path: Path) -> None:
    put(tmp_path, "one/a.xlsx", "two/a.xlsx", "two/b.xlsx")
    assert names(tmp_path / "one", tmp_path / "two") == ["one/a.xlsx", "two/a.xlsx", "b.xlsx"]


def test_folders_of_one_name_are_told_apart_by_what_is_above_them(tmp_path: Path) -> None:
    put(tmp_path, "one/in/a.xlsx", "two/in/a.xlsx")
    assert names(tmp_path / "one/in", tmp_path / "two/in") == ["one/in/a.xlsx", "two/in/a.xlsx"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "out/a.xlsx", "in/b.xlsx")
    (tmp_path / "in/link.xlsx").symlink_to(tmp_path / "out/a.xlsx")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/round").symlink_to(tmp_path / "in")
    (tmp_path / "in/loop.xlsx").symlink_to(tmp_path / "in/loop.xlsx")
    (tmp_path / "in/same.xlsx").symlink_to(tmp_path / "in/b.xlsx")
    assert [f for f in names(tmp_path / "in") if f != "loop.xlsx"] == ["b.xlsx"]


def test_a_missing_path_is_refused_and_the_rest_is_found(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx")
    inbox = find_submissions([tmp_path / "missing", tmp_path])
    assert [r.found.file for r in inbox.refused] == ["missing"]
    assert inbox.refused[0].zh == "找不到这个文件或文件夹。请检查路径是否写对。"
    assert [f.file for f in inbox.submissions] == ["a.xlsx"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the super-user may read everything")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "closed/a.xlsx")
    (tmp_path / "closed").chmod(0)
    inbox = find_submissions([tmp_path])
    (tmp_path / "closed").chmod(0o700)
    assert [r.found.file for r in inbox.refused] == ["closed"]


def test_a_folder_named_like_a_workbook_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx/b.csv")
    assert names(tmp_path) == ["a.xlsx/b.csv"]
