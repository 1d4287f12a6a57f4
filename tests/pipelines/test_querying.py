from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines import publishing, querying, tables
from pipelines.warehouse import NoWarehouseError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warehouse")
    estates = [
        {
            "estate": "翠湖花园",
            "aliases": ["翠湖", "翠湖苑"],
            "households": 600,
            "lon": 113.5,
            "takeover_date": date(2024, 3, 1),
        },
        {"estate": "春晖里", "aliases": [], "households": None, "lon": float("nan"), "takeover_date": None},
    ]
    tickets = [
        {
            "estate": "翠湖花园",
            "opened_at": datetime(2025, 4, 2, 11, 51),
            "resolved": True,
            "summary": "说“漏水”,\n两次",
        }
    ]
    full = {"estates": estates, "tickets": tickets}
    frames = {
        name: pl.concat([tables.SCHEMAS[name].to_frame(), pl.DataFrame(rows)], how="diagonal_relaxed")
        for name, rows in full.items()
    }
    publishing.publish(folder, "20250630T120000-abcd", tables.shape_all(frames))
    return folder


def rows(folder: Path, query: str) -> object:
    return json.loads(querying.printed(querying.ask(folder, query), "json"))


def test_json_has_iso_times_lists_nulls_and_plain_chinese(folder: Path) -> None:
    text = querying.printed(
        querying.ask(folder, "SELECT estate, aliases, households, lon, takeover_date FROM estates ORDER BY households"),
        "json",
    )
    assert "翠湖花园" in text
    assert json.loads(text) == [
        {
            "estate": "翠湖花园",
            "aliases": ["翠湖", "翠湖苑"],
            "households": 600,
            "lon": 113.5,
            "takeover_date": "2024-03-01",
        },
        {"estate": "春晖里", "aliases": [], "households": None, "lon": None, "takeover_date": None},
    ]
    assert rows(folder, "SELECT opened_at, resolved, summary FROM tickets") == [
        {"opened_at": "2025-04-02T11:51:00", "resolved": True, "summary": "说“漏水”,\n两次"}
    ]


def test_json_keeps_whole_numbers_whole_and_every_column_of_one_name(folder: Path) -> None:
    query = (
        "SELECT sum(households) AS n, 1.50::DECIMAL(9,2) AS n, "
        "2::HUGEINT AS big, 1e999 AS huge, '\\x01'::BLOB AS b FROM estates"
    )
    assert rows(folder, query) == [{"n": 600, "n_2": 1.5, "big": 2, "huge": None, "b": "01"}]
    assert rows(folder, "SELECT * FROM fees") == []


def test_there_is_no_row_limit(folder: Path) -> None:
    found = rows(folder, "SELECT range AS n FROM range(30000)")
    assert isinstance(found, list)
    assert len(found) == 30000


def test_csv_and_table_say_the_same(folder: Path) -> None:
    answer = querying.ask(folder, "SELECT estate, households, aliases FROM estates ORDER BY households")
    assert (
        querying.printed(answer, "csv")
        == 'estate,households,aliases\n翠湖花园,600,"[""翠湖"", ""翠湖苑""]"\n春晖里,,[]\n'
    )
    assert querying.printed(answer, "table") == (
        'estate    households  aliases\n翠湖花园  600         ["翠湖", "翠湖苑"]\n春晖里                [] '.rstrip()
    )


@pytest.mark.parametrize(
    "query",
    [
        "WITH big AS (SELECT * FROM estates WHERE households > 100) SELECT estate FROM big",
        "FROM estates SELECT estate",
        "SELECT estate FROM main.estates e WHERE EXISTS (SELECT 1 FROM tickets t WHERE t.estate = e.estate);",
        "DESCRIBE estates",
        "SHOW TABLES",
        "SUMMARIZE estates",
        "VALUES (1)",
        "TABLE estates",
        "SELECT unnest(aliases) FROM estates",
        "SELECT * FROM estates e, LATERAL (SELECT e.households)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT max(i) FROM n",
        "SELECT 'ATTACH; COPY' -- ; DROP TABLE estates",
    ],
)
def test_one_query_on_our_own_tables_is_answered(folder: Path, query: str) -> None:
    assert querying.ask(folder, query).rows


REFUSED = {
    "query_not_select": [
        "ATTACH ':memory:' AS m",
        "ATTACH '/tmp/x.duckdb'",
        "DETACH x",
        "COPY estates TO '/tmp/x.csv'",
        "COPY (SELECT 1) TO '/tmp/x.parquet'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "PRAGMA version",
        "SET threads = 1",
        "SET enable_external_access = true",
        "RESET threads",
        "CALL pragma_version()",
        "EXPORT DATABASE '/tmp/x'",
        "IMPORT DATABASE '/tmp/x'",
        "CREATE TABLE x (a INT)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE MACRO f() AS 1",
        "CREATE SECRET s (TYPE s3)",
        "INSERT INTO estates (estate) VALUES ('x')",
        "UPDATE estates SET estate = 'x'",
        "DELETE FROM estates",
        "DROP TABLE estates",
        "ALTER TABLE estates ADD COLUMN x INT",
        "BEGIN",
        "CHECKPOINT",
        "VACUUM",
        "USE main",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "EXPLAIN ANALYZE SELECT 1",
        "TRUNCATE estates",
    ],
    "query_several": ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE estates", "SELECT 1;;COPY estates TO '/tmp/x.csv'"],
    "query_empty": ["", "   ", ";", "-- nothing"],
    "query_foreign_function": [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_csv_auto('/etc/passwd')",
        "FROM read_text('/etc/passwd')",
        "FROM read_blob('/etc/passwd')",
        "FROM read_json('/x')",
        "FROM read_parquet('/x')",
        "FROM parquet_metadata('/x')",
        "FROM glob('/*')",
        "FROM sniff_csv('/etc/passwd')",
        "FROM duckdb_settings()",
        "FROM duckdb_secrets()",
        "FROM duckdb_databases()",
        "FROM duckdb_extensions()",
        "FROM pragma_database_size()",
        "FROM query('SELECT 1')",
        "FROM query_table('estates')",
        "SELECT (SELECT count(*) FROM read_text('/etc/passwd'))",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT write_log('x')",
        "SELECT getvariable('x')",
        "WITH x AS (FROM glob('/*')) SELECT * FROM x",
        "SELECT * FROM estates WHERE estate IN (SELECT file FROM glob('/*'))",
        "FROM checkpoint()",
        "FROM seq_scan('estates')",
    ],
    "query_foreign_table": [
        "FROM '/etc/passwd'",
        "FROM '/tmp/x.parquet'",
        "SELECT * FROM 'x.csv'",
        "FROM information_schema.tables",
        "FROM sqlite_master",
        "FROM duckdb_settings",
        "FROM duckdb_databases",
        "FROM pragma_database_list",
        "FROM duckdb_logs",
        "SHOW DATABASES",
        "SHOW ALL TABLES",
        "FROM pg_catalog.pg_settings",
        "FROM nothing_of_ours",
        "DESCRIBE '/etc/passwd'",
        "SUMMARIZE duckdb_settings",
        "SELECT * FROM (WITH duckdb_databases AS (SELECT 1) FROM duckdb_databases), duckdb_databases",
    ],
    "query_failed": ["SELEC 1", "SELECT nothing FROM estates", "SELECT 1 +", "SELECT 'a'::INT", "SELECT error('x')"],
}


@pytest.mark.parametrize(
    ("reason", "query"), [(reason, query) for reason, queries in REFUSED.items() for query in queries]
)
def test_everything_else_is_refused_with_its_reason(folder: Path, reason: str, query: str) -> None:
    before = sorted(one.name for one in folder.iterdir())
    with pytest.raises(querying.RefusedError) as refused:
        querying.ask(folder, query)
    assert refused.value.reason == reason
    assert sorted(one.name for one in folder.iterdir()) == before


def test_the_connection_itself_is_locked_as_well(folder: Path) -> None:
    import duckdb

    from pipelines.warehouse import open_published

    connection = open_published(folder)
    for statement in (
        "FROM read_text('/etc/passwd')", "COPY estates TO '/tmp/x.csv'", "SET enable_external_access = true",
        "ATTACH '/tmp/x.duckdb'", "LOAD httpfs", "INSERT INTO estates (estate) VALUES ('x')",
    ):  # fmt: skip
        with pytest.raises(duckdb.Error):
            connection.execute(statement)
    connection.close()


def test_an_insert_hidden_in_a_with_changes_nothing(folder: Path) -> None:
    with pytest.raises(querying.RefusedError):
        querying.ask(folder, "WITH x AS (INSERT INTO estates (estate) VALUES ('x') RETURNING *) SELECT * FROM x")


def test_without_a_warehouse_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouseError):
        querying.ask(tmp_path, "SELECT 1")
