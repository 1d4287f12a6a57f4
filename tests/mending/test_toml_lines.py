"""A mistake in a settings file is shown on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.mending.toml_lines import SettingsError, read_toml

TEXT = '''# a comment
title = "a # in a text [not a table]"

[tickets.limits]   # natural or working days
"噪音.扰民" = "3天"
plain = [
  "x",   # ]
  "y",
]
note = """
[not.a.table]
also = "no key"
"""

[[correction]]
cell = "D7"
a.b = 1
[correction.more]
x = 1
[[correction]]
cell = "D8"
[[correction.part]]
y = 1
[[correction.part]]
y = 2
'''


def test_every_key_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text(TEXT, encoding="utf-8")

    document = read_toml(path, "street.toml")

    assert document.lines == {
        ("title",): 2,
        ("tickets", "limits"): 4,
        ("tickets", "limits", "噪音.扰民"): 5,
        ("tickets", "limits", "plain"): 6,
        ("tickets", "limits", "note"): 10,
        ("correction", 0): 15,
        ("correction", 0, "cell"): 16,
        ("correction", 0, "a"): 17,
        ("correction", 0, "a", "b"): 17,
        ("correction", 0, "more"): 18,
        ("correction", 0, "more", "x"): 19,
        ("correction", 1): 20,
        ("correction", 1, "cell"): 21,
        ("correction", 1, "part", 0): 22,
        ("correction", 1, "part", 0, "y"): 23,
        ("correction", 1, "part", 1): 24,
        ("correction", 1, "part", 1, "y"): 25,
    }


def test_what_has_no_line_of_its_own_takes_the_one_around_it(tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text(TEXT, encoding="utf-8")

    assert read_toml(path, "street.toml").line("correction", 1, "reason") == 20


@pytest.mark.parametrize(
    ("content", "line"),
    [(b'a = 1\nb = x"\n', 2), ("a = 1\nb = 2\nc = '小区'".encode("gb18030"), 3), (b"a = 1\na = 2\n", 2)],
)
def test_a_file_that_is_not_toml_is_refused_with_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "street.toml"
    path.write_bytes(content)

    with pytest.raises(SettingsError) as fault:
        read_toml(path, "street.toml")

    assert (fault.value.file, fault.value.line) == ("street.toml", line)
