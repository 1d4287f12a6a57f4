"""The demo street: the committed files are what the generator writes, and the stories stand in the numbers."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.handouts.demo import mistakes
from pipelines.handouts.demo.__main__ import main, submissions, write
from pipelines.handouts.demo.boundaries import areas, baidu, centre, gcj02, outline
from pipelines.handouts.demo.world import COMMUNITIES, COMPANIES, ESTATES, FICTION, estate, truth
from pipelines.settings import load_settings
from pipelines.street import Limit

DEMO = Path(__file__).resolve().parents[2] / "data/raw/demo"
TABLES = {".xlsx", ".xls", ".ods", ".csv"}


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _workbooks() -> list[Path]:
    return sorted(path for path in DEMO.rglob("*") if path.suffix in TABLES and path.name != "arrivals.csv")


@pytest.fixture(scope="module")
def true_street() -> dict[str, pl.DataFrame]:
    return truth()


def test_the_committed_demo_is_what_the_generator_writes(tmp_path: Path) -> None:
    write(tmp_path / "demo")
    made, kept = _files(tmp_path / "demo"), _files(DEMO)
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_a_folder_with_anything_but_a_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(b"x")
    assert main([str(tmp_path)]) == 2
    assert _files(tmp_path) == {"台账.xlsx": b"x"}


def test_the_demo_is_small_and_made_of_many_workbooks_in_all_formats() -> None:
    assert sum(len(content) for content in _files(DEMO).values()) < 6_000_000
    assert len(_workbooks()) >= 60
    starts = {path.read_bytes()[:2] for path in _workbooks() if path.suffix == ".xls"}
    assert starts == {b"\xd0\xcf", b"<h"}
    assert {path.suffix for path in _workbooks()} == TABLES


def test_no_file_depends_on_the_clock_or_on_a_compressor() -> None:
    for path in [*DEMO.rglob("*.xlsx"), *DEMO.rglob("*.ods"), *DEMO.rglob("*.zip")]:
        with zipfile.ZipFile(path) as opened:
            for member in opened.infolist():
                assert (member.date_time, member.compress_type) == ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED)


def _says(path: Path) -> bool:
    content = path.read_bytes()
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return any(FICTION.encode() in opened.read(name) for name in opened.namelist())
    return any(FICTION.encode(encoding) in content for encoding in ("utf-8", "gb18030", "utf-16-le"))


def test_every_workbook_says_that_it_is_invented() -> None:
    assert [path.name for path in _workbooks() if not _says(path)] == []
    assert "示例数据（虚构）" in (DEMO / "DEMO.md").read_text("utf-8")
    assert "ictional sample data" in (DEMO / "DEMO.md").read_text("utf-8")


def test_the_log_of_arrivals_knows_every_submission_and_nothing_else() -> None:
    rows = list(csv.DictReader((DEMO / "arrivals.csv").open(encoding="utf-8")))
    assert list(rows[0]) == ["sha256", "received_at", "sender", "withdrawn", "reason"]
    beside = {"arrivals.csv", "street.toml", "DEMO.md", ".gitattributes"}
    hashes = {hashlib.sha256(content).hexdigest() for name, content in _files(DEMO).items() if name not in beside}
    assert {row["sha256"] for row in rows} == hashes
    assert len(rows) == len(hashes)


def test_the_settings_can_be_read_and_name_the_street() -> None:
    settings = load_settings(DEMO)
    assert (settings.street.name, settings.street.alliance) == ("晴川街道", "晴川红心物业联盟")
    assert set(settings.expected) == set(COMMUNITIES)
    assert settings.tickets.limit("房屋渗漏") == Limit(15, "days")
    assert settings.tickets.limit("电梯故障") == Limit(24, "hours")


def test_the_street_has_the_size_it_is_said_to_have(true_street: dict[str, pl.DataFrame]) -> None:
    households = [one.households for one in ESTATES]
    assert (len(COMMUNITIES), len(ESTATES), len(COMPANIES)) == (6, 36, 14)
    assert (min(households), max(households), sum(households)) == (16, 9980, 39972)
    assert 4000 <= len(true_street["tickets"]) <= 6000


def test_no_bill_beats_what_was_due_but_the_planted_mistake(true_street: dict[str, pl.DataFrame]) -> None:
    assert true_street["fees"].filter(pl.col("received_yuan") > pl.col("receivable_yuan")).is_empty()
    slip = mistakes.of("fees", "湖心苑", date(2024, 8, 1), "received_yuan")
    held = true_street["fees"].filter((pl.col("estate") == "湖心苑") & (pl.col("period_start") == date(2024, 8, 1)))
    assert slip is not None
    assert held["received_yuan"].to_list() == [slip.sent]


def _of(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.filter(pl.col("estate") == name)


def test_a_company_walks_out_and_three_months_are_empty_but_for_complaints(
    true_street: dict[str, pl.DataFrame],
) -> None:
    gap = {date(2024, 9, 1), date(2024, 10, 1), date(2024, 11, 1)}
    for kind, subject in (("fees", "estate"), ("costs", "estate"), ("inspections", "subject")):
        frame = true_street[kind]
        months = set(frame.filter(pl.col(subject) == "石桥南区")["period_start"])
        assert months & gap == set()
        assert {date(2024, 8, 1), date(2024, 12, 1)} <= months
    calls = _of(true_street["tickets"], "石桥南区").filter(
        pl.col("opened_at").is_between(datetime(2024, 9, 1), datetime(2024, 11, 30, 23, 59))
    )
    assert len(calls) == 45
    events = _of(true_street["events"], "石桥南区").select("event_date", "event_type", "company").rows()
    assert events == [
        (date(2024, 8, 31), "company_out", "恒谊物业"),
        (date(2024, 12, 1), "company_in", "佳与物业"),
    ]


def test_service_comes_before_charging_and_satisfaction_rises(true_street: dict[str, pl.DataFrame]) -> None:
    assert _of(true_street["costs"], "北坡小区")["period_start"].min() == date(2024, 10, 1)
    assert _of(true_street["fees"], "北坡小区")["period_start"].min() == date(2025, 1, 1)
    waves = _of(true_street["surveys"], "北坡小区").filter(pl.col("question") == "总体")
    assert waves.select("satisfied_total", "responses").rows() == [(72, 132), (94, 137), (95, 126), (105, 129)]


def test_yearly_prepayment_lifts_the_rate_from_40_to_68_percent(true_street: dict[str, pl.DataFrame]) -> None:
    bills = _of(true_street["fees"], "梧桐一村").with_columns(
        quarter=pl.col("period_start").dt.strftime("%Y") + pl.format("Q{}", pl.col("period_start").dt.quarter())
    )
    rates = bills.group_by("quarter").agg(
        rate=(pl.col("received_yuan").sum() / pl.col("receivable_yuan").sum()).round(2)
    )
    assert rates.sort("quarter").rows()[3:] == [("2024Q4", 0.40), ("2025Q1", 0.68), ("2025Q2", 0.45)]


def test_sixteen_households_join_their_neighbour_for_3_3_times_the_fee(true_street: dict[str, pl.DataFrame]) -> None:
    bills = _of(true_street["fees"], "松风里").sort("period_start")["receivable_yuan"].to_list()
    assert len(bills) == 18
    assert bills[12] / bills[11] == pytest.approx(3.3)
    facts = _of(true_street["estates"], "松风里").select("households", "company", "host_estate", "governance_mode")
    assert facts.rows() == [(16, "同禾物业", "松风苑", "挂单托管")]


def test_closing_shifts_for_good_in_one_week(true_street: dict[str, pl.DataFrame]) -> None:
    weekly = (
        _of(true_street["tickets"], "云锦新城")
        .with_columns(
            hours=(pl.col("closed_at") - pl.col("opened_at")).dt.total_minutes() / 60,
            week=pl.col("opened_at").dt.truncate("1w"),
        )
        .group_by("week")
        .agg(pl.col("hours").median())
        .sort("week")
    )
    before = weekly.filter(pl.col("week") < datetime(2025, 3, 3))["hours"]
    after = weekly.filter(pl.col("week") >= datetime(2025, 3, 3))["hours"]
    mean = before.mean()
    assert isinstance(mean, float)
    assert len(after) == 17
    assert (after < mean).all()
    runs = "".join("-" if hours < mean else "+" for hours in before)
    assert "-" * 8 not in runs


def test_forty_tickets_are_closed_within_two_hours_before_a_deadline(true_street: dict[str, pl.DataFrame]) -> None:
    closed = _of(true_street["tickets"], "石桥新村").filter(
        pl.col("closed_at").is_between(datetime(2025, 3, 31, 16), datetime(2025, 3, 31, 18))
    )
    assert (len(closed), closed["reopened"].sum()) == (40, 11)
    span = closed.select(pl.col("closed_at").max() - pl.col("closed_at").min()).item()
    assert span < timedelta(hours=2)


def test_eleven_of_twelve_are_satisfied(true_street: dict[str, pl.DataFrame]) -> None:
    wave = _of(true_street["surveys"], "柳岸公寓").filter(
        (pl.col("question") == "总体") & (pl.col("period_end") == date(2025, 3, 31))
    )
    assert wave.select("satisfied_total", "responses", "issued").rows() == [(11, 12, 20)]


def _days_late(sender: str) -> list[int]:
    late: list[int] = []
    for one in submissions():
        if one.sender == sender and ("收费明细" in one.path or "收缴季报" in one.path):
            day = one.received_at.date()
            late.append((day - day.replace(day=1)).days + 31 * ((day.month - 1) % 3))
    return late


def test_one_community_is_always_weeks_behind_and_its_last_month_is_missing(
    true_street: dict[str, pl.DataFrame],
) -> None:
    assert min(_days_late("石桥社区")[:5]) - max(_days_late("松风社区")) >= 21
    late = [one.name for one in ESTATES if one.community == "石桥社区"]
    last = true_street["fees"].filter(pl.col("estate").is_in(late))["period_start"].max()
    assert last == date(2025, 5, 1)
    assert true_street["fees"]["period_start"].max() == date(2025, 6, 1)


def test_one_community_sends_a_corrected_file_two_weeks_later() -> None:
    arrived = {
        one.path: one.received_at for one in submissions() if one.path.startswith("望湖社区/2024年三季度收费台账")
    }
    first, corrected = sorted(arrived, key=len)
    assert "更正" in corrected
    assert (arrived[corrected].date() - arrived[first].date()).days == 14


def test_mistakes_stand_in_the_files_as_the_clerk_typed_them() -> None:
    files = {one.path: one.content for one in submissions()}
    late = files["石桥社区/石桥收费明细202410-12.csv"].decode("gb18030").splitlines()
    assert len(late) - len(set(late)) == 1
    costs = files["企业/柳岸社区领办/柳岸社区领办物业成本2024年上半年.csv"].decode("gb18030")
    assert "清渠里\t2024-06\t水电费\t4892.90" in costs
    hotline = [text for path, text in files.items() if "12345工单" in path]
    together = "\n".join(t.decode("gb18030" if t[:3] != b"\xef\xbb\xbf" else "utf-8") for t in hotline)
    assert [together.count(number) for number in mistakes.PLANTED_NUMBERS] == [1, 1, 1, 1]
    assert together.count(mistakes.PLANTED_IDENTITY) == 1
    assert len({line.split(",")[0] for line in together.splitlines() if mistakes.UNKNOWN_ESTATE in line}) == 2


def test_an_estate_stands_within_its_community_and_datums_differ_by_hundreds_of_metres() -> None:
    from shapely.geometry import Point, Polygon

    rings = {name: Polygon(ring) for name, ring in areas().items()}
    for one in ESTATES:
        assert rings[one.community].contains(Point(centre(one))), one.name
        assert rings["晴川街道"].contains(Polygon(outline(one))), one.name
    there = centre(estate("云锦新城"))
    metres = 111_000 * ((gcj02(*there)[1] - there[1]) ** 2 + (0.82 * (gcj02(*there)[0] - there[0])) ** 2) ** 0.5
    assert 300 < metres < 800
    assert baidu(*gcj02(*there))[0] - there[0] > 0.006
