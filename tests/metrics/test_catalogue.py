"""The catalogue is the one definition: all is said in both languages, and a metric is one stanza and one file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hand_made import desk_of, estate, ticket, value

from pipelines.metrics.catalogue import FOLDER, CatalogueError, catalogue, words
from pipelines.metrics.reference import reference
from pipelines.street import METRICS, RATES

STANZA = """
[reopened_share]
zh = "重办率"
en = "Reopened share"
question_zh = "办结的工单有多少又重办？"
question_en = "How many closed tickets came again?"
definition_zh = "期内受理的工单中重办的比例。"
definition_en = "Of the tickets opened in the period, those that were reopened."
cannot_zh = "没有登记重办的看不出来。"
cannot_en = "What was not recorded cannot be seen."
unit = "percent"
decimals = 1
direction = "down"
kind = "share"
interval = "wilson"
additive = true
suppress = true
least_sample = 10
natural = ["month", "quarter"]
sources = ["tickets"]
bases = ["standard"]
"""
SQL = """-- tickets of the period, and those of them that were reopened
WITH asked AS (
    SELECT
        unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT asked.period_start, asked.period_end, estate, company, governance_mode,
    count(*) FILTER (reopened) AS numerator, count(*) AS denominator, count(*) AS cases
FROM asked
JOIN mart_tickets ON opened_at >= asked.period_start AND opened_at < least(asked.period_end, as_of) + INTERVAL 1 DAY
GROUP BY ALL;
"""


def test_adding_a_metric_is_one_stanza_and_one_file(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "metrics")
    definition = tmp_path / "metrics/catalogue.toml"
    definition.write_text(definition.read_text(encoding="utf-8") + STANZA, encoding="utf-8")
    (tmp_path / "metrics/reopened_share.sql").write_text(SQL, encoding="utf-8")
    rows = [ticket("2025-03-03T09:00", "2025-03-04T09:00", reopened=place < 3) for place in range(12)]
    desk = desk_of(folder=tmp_path / "metrics", estates=[estate()], tickets=rows)
    found = value(desk, "reopened_share", "2025-03", as_of="2025-03-31")
    assert (found.value, found.coverage, found.caveats) == (0.25, "1/1", ())
    assert (found.low, found.high) == pytest.approx((0.089, 0.532), abs=5e-4)


def test_a_stanza_without_its_file_or_with_a_word_amiss_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(STANZA, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"no reopened_share\.sql"):
        catalogue(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "catalogue.toml").write_text(STANZA.replace('"down"', '"downwards"'), encoding="utf-8")
    with pytest.raises(CatalogueError, match="direction is one of up, down, neither"):
        catalogue(other)


def test_the_catalogue_has_the_metrics_that_settings_may_name() -> None:
    assert tuple(catalogue()) == METRICS
    assert {one.id for one in catalogue().values() if one.unit == "percent"} == RATES


def test_everything_is_said_in_both_languages() -> None:
    for metric in catalogue().values():
        assert all(
            getattr(metric, f"{name}_{lang}") for name in ("question", "definition", "cannot") for lang in ("zh", "en")
        )
    assert all(
        set(text) == {"zh", "en"} and all(text.values()) for codes in words().values() for text in codes.values()
    )


def test_every_code_that_sql_or_program_gives_has_words() -> None:
    told = words()
    for metric in catalogue().values():
        assert metric.unit in told["unit"]
        assert set(metric.bases) <= set(told["basis"])
    given = {
        word.removeprefix("caveat_").rstrip(",)")
        for file in FOLDER.glob("*.sql")
        for word in file.read_text(encoding="utf-8").split()
        if word.startswith("caveat_")
    }
    assert given <= set(told["caveat"])


def test_the_reference_is_generated_and_not_stale() -> None:
    shown = Path(__file__).resolve().parents[2] / "docs/METRICS.md"
    assert shown.read_text(encoding="utf-8") == reference(), "python -m pipelines.metrics.reference > docs/METRICS.md"
