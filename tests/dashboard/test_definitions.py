"""The page of definitions: complete, and in agreement with what the programs count by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.published import Published
from dashboard.screen.printing import page_html
from dashboard.selection import Selection
from dashboard.stories.definitions import definitions
from dashboard.stories.sample_size import sizes_of
from pipelines.finding_words import finding_words
from pipelines.findings import SEVERITY
from pipelines.words import Language

FINDINGS = Path(__file__).resolve().parents[2] / "docs" / "FINDINGS.md"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_metric_code_and_reason_stands_on_the_page(demo: Published, lang: Language) -> None:
    story = definitions(demo, lang)
    parts = {part.id: part.entries for part in story.parts}
    assert [one.id for one in parts["metrics"]] == [f"metric-{name}" for name in demo.desk.metrics]
    assert [one.note.replace("，", ", ").split(", ")[1] for one in parts["findings"]] == list(SEVERITY)
    for topic, part in (("caveat", "caveats"), ("reason", "reasons")):
        known = demo.rows("definitions_words", lang=lang).rows()
        assert [(one.note, one.term) for one in parts[part]] == [
            (code, text) for of, code, text in known if of == topic
        ]
    frame = {"pages": (), "here": "definitions", "here_word": "", "other_lang": "en", "street": "", "news": ()}
    html = page_html("definitions.html", Selection(lang=lang), **frame, story=story)
    assert html.count('class="entry') == sum(len(part.entries) for part in story.parts)


def test_a_metric_says_its_target_sample_and_how_often_its_verdicts_are_false(demo: Published) -> None:
    metrics = definitions(demo, "zh").parts[0].entries
    lines = {one.id: dict(one.lines) for one in metrics}
    assert lines["metric-satisfaction_rate"]["样本"] == "少于 5 份不显示，少于 30 份须慎用（△）"
    assert lines["metric-satisfaction_rate"]["升降判定"].endswith("不超过 5.0%")
    assert lines["metric-collection_rate"]["升降判定"].endswith("1.4%–1.9%")
    assert lines["metric-open_tickets"]["升降判定"] == "是存量，前后相连，不判升降"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_finding_codes_mean_what_the_documents_say(lang: Language) -> None:
    names = {"zh": ("含义", "怎么办"), "en": ("Meaning", "What to do")}[lang]
    text = FINDINGS.read_text(encoding="utf-8")
    told = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head = re.match(r"`(\w+)` — `(\w+)`", section)
        if head is not None:
            lines = (re.search(rf"^- \*\*{name}\*\*[:：] ?(.*)$", section, re.MULTILINE) for name in names)
            told[head[1]] = (head[2], *(one[1] if one else None for one in lines))
    assert {one.code: (one.severity, one.meaning, one.advice) for one in finding_words(lang)} == told


def test_the_calculator_tells_how_many_must_answer() -> None:
    assert sizes_of(("1,358", "5"), "zh").answer == "1,358 户，±5 个百分点：需收回 300 份有效答卷，占 22%。"
    assert sizes_of(("16", "5"), "zh").answer == "16 户，±5 个百分点：需收回 16 份有效答卷，占 100%。"
    assert sizes_of(None, "zh").answer == ""


@pytest.mark.parametrize(
    ("households", "points", "wrong"),
    [
        ("", "5", "户数“”不对：请填 1 到 1000 万之间的整数，如 1358。"),
        ("0", "5", "户数“0”不对：请填 1 到 1000 万之间的整数，如 1358。"),
        ("nan", "5", "户数“nan”不对：请填 1 到 1000 万之间的整数，如 1358。"),
        ("12.5", "5", "户数“12.5”不对：请填 1 到 1000 万之间的整数，如 1358。"),
        ("300", "100", "误差“100”不对：请填 0 到 100 之间的数，如 5。"),
        ("300", "五", "误差“五”不对：请填 0 到 100 之间的数，如 5。"),
    ],
)
def test_what_is_no_number_is_said_to_be_none(households: str, points: str, wrong: str) -> None:
    sizes = sizes_of((households, points), "zh")
    assert (sizes.answer, sizes.wrong) == ("", wrong)
