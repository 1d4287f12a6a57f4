"""Checks and loads in a process of its own, which a screen starts and watches: `python -m pipelines.receiving.running`.

Each line that it prints is JSON: `{"done": 3, "all": 40}`, `{"said": [zh, en]}`, and at the end `{"checked": …}`,
`{"loaded": version}` or `{"wrong": [zh, en]}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import cast

from pipelines import build, intake, locking, publishing
from pipelines.mending.toml_lines import SettingsError
from pipelines.rules import rules_of
from pipelines.words import say


def check(folder: Path, inbox: Path, warehouse: Path) -> dict[str, object]:
    """What a check of the files below a folder finds, by the rules of the inbox: files, findings, questions."""
    from pipelines.receiving.questions import Known, questions_of

    found = build.check([folder], warehouse, lambda _: rules_of(inbox), tell=_tell, progress=_progress)
    rows = found.findings.to_dicts()
    known = Known.of(build.published_estates(warehouse))
    questions: dict[str, dict[str, object]] = {}
    for one in found.summary.files:
        mine = [row for row in rows if row["source_file"] == one.file]
        for question in questions_of(folder / one.file, one.file, one.file.rpartition("/")[0], mine, known):
            before = questions.setdefault(question.key, {**asdict(question), "files": 0})
            before["files"] = int(cast("int", before["files"])) + 1
    return {
        "files": [asdict(one) for one in found.summary.files],
        "findings": rows,
        "questions": list(questions.values()),
    }


def load(inbox: Path, warehouse: Path) -> str:
    """Publishes a version made of the inbox and gives its name."""
    return build.load([inbox], warehouse, rules_of, tell=_tell, progress=_progress).version


def _tell(key: str, **values: object) -> None:
    _print({"said": [say(key, "zh", **values), say(key, "en", **values)]})


def _progress(done: int, count: int) -> None:
    _print({"done": done, "all": count})


def _print(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def _wrong(fault: Exception, inbox: Path, warehouse: Path) -> list[str]:
    """Why it could not be done, in both languages."""
    if isinstance(fault, SettingsError):
        values = {"file": fault.file, "line": fault.line}
        return [
            say("settings_wrong", "zh", what=fault.zh, **values),
            say("settings_wrong", "en", what=fault.en, **values),
        ]
    if isinstance(fault, build.NothingFoundError):
        return [say("nothing_found", one, folder=inbox) for one in ("zh", "en")]
    if isinstance(fault, build.NothingReadableError):
        return [say("nothing_readable", one, folder=inbox, count=len(fault.reasons)) for one in ("zh", "en")]
    if isinstance(fault, locking.StillLoadingError):
        who = fault.holder or locking.Holder(0, "?", "?", "?")
        told = {"user": who.user, "since": who.started_at, "host": who.host, "pid": who.pid}
        return [say("still_loading", one, seconds=f"{build.WAIT_SECONDS:.0f}", **told) for one in ("zh", "en")]
    return [say("not_published", one, reason=fault, folder=warehouse) for one in ("zh", "en")]


def main(words: list[str]) -> int:
    """`check FOLDER INBOX WAREHOUSE` or `load INBOX WAREHOUSE`."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    folders = [Path(one) for one in words[1:]]
    try:
        if words[0] == "check":
            _print({"checked": check(*folders)})
        else:
            _print({"loaded": load(*folders)})
    except (
        SettingsError,
        build.NothingFoundError,
        build.NothingReadableError,
        locking.StillLoadingError,
        publishing.NotPublishedError,
        intake.StagingFullError,
        OSError,
    ) as fault:
        _print({"wrong": _wrong(fault, folders[-2], folders[-1])})
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
