"""The desk of the intake: a batch of uploads is checked, shown as a grid, marked, accepted, loaded; or withdrawn."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines import arrivals
from pipelines.arrivals import Arrival
from pipelines.receiving.meanings import Meaning
from pipelines.receiving.parcels import Parcel
from pipelines.receiving.questions import Question
from pipelines.told import ToldError
from pipelines.words import Language

Finding = dict[str, Any]
Progress = Callable[[int, int], None]


class RefusedError(ToldError):
    """It could not be done; `zh` and `en` say why and what to do. A wrong setting is named with its line."""


@dataclass(frozen=True)
class Answer:
    """What became of one parcel: rows loaded by kind, findings, `why` it was refused (zh, en), and the file that was
    handed in before with the same content, "" for none."""

    parcel: Parcel
    status: str
    rows: dict[str, int]
    quarantined: int
    findings: tuple[Finding, ...]
    why: tuple[str, str] = ("", "")
    known_as: str = ""

    def count(self, severity: str) -> int:
        """How many findings of a severity."""
        return sum(1 for one in self.findings if one["severity"] == severity)

    @property
    def can_come_in(self) -> bool:
        """Whether it may be accepted: it was read, and isn't here already."""
        return not any(self.why) and not self.known_as


@dataclass(frozen=True)
class Batch:
    """Uploads, checked together. The files lie in `place` until the batch is let go."""

    place: tempfile.TemporaryDirectory[str] = field(repr=False, compare=False)
    answers: tuple[Answer, ...]
    questions: tuple[Question, ...]

    def path(self, parcel: Parcel) -> Path:
        """Where the parcel lies."""
        return Path(self.place.name) / parcel.file


def check(parcels: Sequence[Parcel], inbox: Path, warehouse: Path, on_progress: Progress | None = None) -> Batch:
    """Checks parcels as `lianping check` would, by the settings, profiles and explanations of the inbox.

    Nothing is published or written to the inbox. Raises RefusedError.
    """
    place = tempfile.TemporaryDirectory(prefix="lianping-", ignore_cleanup_errors=True)
    taken = [one for one in parcels if not any(one.refused)]
    for one in taken:
        path = Path(place.name) / one.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
    told: dict[str, Any] = {"files": [], "findings": [], "questions": []}
    if taken:
        for line in _lines("check", Path(place.name), inbox, warehouse):
            if "done" in line and on_progress is not None:
                on_progress(line["done"], line["all"])
            told = line.get("checked", told)
    files = {one["file"]: one for one in told["files"]}
    findings: dict[str, list[Finding]] = {}
    for row in told["findings"]:
        findings.setdefault(row["source_file"], []).append(row)
    here = _files_by_content(inbox, warehouse)
    answers = [_answer(one, files.get(one.file), findings.get(one.file, []), here) for one in parcels]
    return Batch(place, tuple(answers), tuple(_question(one) for one in told["questions"]))


def accept(batch: Batch, inbox: Path, warehouse: Path, *, now: datetime) -> list[str]:
    """Writes the parcels that can come in below the inbox, each in its sender's folder, and logs their arrival.

    Never overwrites: a corrected file of the same name stands beside the first. Gives their paths below the inbox.
    Raises RefusedError where the inbox can't be written to.
    """
    written: list[str] = []
    came: list[Arrival] = []
    try:
        for one in batch.answers:
            if one.can_come_in:
                target = _placed(inbox / one.parcel.file, one.parcel.data)
                written.append(target.relative_to(inbox).as_posix())
                came.append(Arrival(sha256(one.parcel.data).hexdigest(), now, one.parcel.sender))
        arrivals.enter(inbox, warehouse, came)
    except OSError as fault:
        raise RefusedError(
            f"写不进报送文件夹 {inbox}：{fault.strerror or fault}。已写入 {len(written)} 个。"
            "请检查权限和空间后再接收。",
            f"The folder of submissions {inbox} can't be written to: {fault.strerror or fault}. "
            f"{len(written)} files were written. Check rights and space, then accept again.",
        ) from fault
    return written


def withdraw(file: str, inbox: Path, warehouse: Path, *, by: str, reason: str, now: datetime) -> None:
    """Enters in the log of arrivals that a submission doesn't count from now on, with who and why; the file stays.

    Raises RefusedError without a name or a reason, or where the file is gone.
    """
    who, why = " ".join(by.split()), " ".join(reason.split())
    if not who or not why:
        raise RefusedError("请填写撤回人和原因。", "Please say who withdraws it and why.")
    path = inbox / file
    if not path.resolve().is_relative_to(inbox.resolve()) or not path.is_file():
        raise RefusedError(f"报送文件夹里没有“{file}”。", f"There is no “{file}” among the submissions.")
    content = sha256(path.read_bytes()).hexdigest()
    known = arrivals.known_at(inbox, warehouse).arrivals.get(content)
    sender = known.sender if known else None
    first = known.received_at if known else now
    arrivals.enter(inbox, warehouse, [Arrival(content, first, sender, now, f"{who}：{why}")])


def marked_workbook(batch: Batch, answer: Answer, lang: Language) -> tuple[str, bytes]:
    """The sender's own workbook with its faults marked: its name and bytes. Raises RefusedError."""
    from pipelines.handouts.annotated.handing_back import marked
    from pipelines.reading.sheets import Unreadable

    name = Path(answer.parcel.name).with_suffix(".xlsx").name
    try:
        return name, marked(batch.path(answer.parcel), answer.findings, lang)[0]
    except Unreadable as fault:
        raise RefusedError(fault.zh, fault.en) from fault
    except OSError as fault:
        raise RefusedError(str(fault), str(fault)) from fault


def messages(batch: Batch, warehouse: Path, lang: Language, today: datetime) -> dict[str, str]:
    """Sender → what to tell them: what is wrong in which cells, what is missing, or that all is in order."""
    from pipelines.handouts import asking_back

    until = asking_back.in_working_days(asking_back.DAYS_TO_MEND, today.date())
    senders = {one.parcel.file: one.parcel.sender for one in batch.answers}
    rows = [row for one in batch.answers for row in one.findings]
    rows += [_refused_row(one) for one in batch.answers if any(one.why) and not one.findings]
    wanted = set(senders.values())
    missing = [row for row in asking_back.expected_of(warehouse) if row["community"] in wanted]
    told = asking_back.messages(rows, missing, lang, sender_of=senders, until=until)
    for sender in sorted(wanted - told.keys()):
        count = sum(1 for one in batch.answers if one.parcel.sender == sender)
        told[sender] = (
            f"{sender}：您好！{count} 份报表已收到，没有要改的地方，谢谢！"
            if lang == "zh"
            else f"Dear colleagues of {sender}, {count} reports have arrived and need no correction. Thank you!"
        )
    return dict(sorted(told.items()))


@dataclass(frozen=True)
class Loading:
    """A load on its way in another process."""

    process: subprocess.Popen[bytes]
    told: Path
    started: datetime

    def state(self) -> Loaded:
        """How far it is."""
        lines = [json.loads(line) for line in self.told.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        done = next(((one["done"], one["all"]) for one in reversed(lines) if "done" in one), (0, 0))
        version = next((one["loaded"] for one in lines if "loaded" in one), "")
        wrong = next((one["wrong"] for one in lines if "wrong" in one), None)
        is_over = self.process.poll() is not None
        if is_over and not version and wrong is None:
            wrong = (
                "加载中断了，原来的数据仍然有效。请再加载一次。",
                "The load broke off; the old data stand. Load again.",
            )
        return Loaded(done[0], done[1], version, tuple(wrong) if wrong else ("", ""), is_over)


@dataclass(frozen=True)
class Loaded:
    """How far a load is: files read of how many; at the end the version, or what is wrong (zh, en)."""

    done: int
    all: int
    version: str
    wrong: tuple[str, ...]
    is_over: bool


def start_loading(inbox: Path, warehouse: Path) -> Loading:
    """Starts `lianping load` of the inbox in a process of its own."""
    handle, name = tempfile.mkstemp(prefix="lianping-load-", suffix=".jsonl")
    with os.fdopen(handle, "wb") as out:
        words = [sys.executable, "-m", "pipelines.receiving.running", "load", str(inbox), str(warehouse)]
        process = subprocess.Popen(words, stdout=out, stdin=subprocess.DEVNULL)  # noqa: S603
    return Loading(process, Path(name), datetime.now())


def _lines(*words: object) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "pipelines.receiving.running", *map(str, words)]
    with subprocess.Popen(  # noqa: S603 - this program, on folders of ours
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        ended = False
        for line in process.stdout:
            told = json.loads(line)
            if "wrong" in told:
                raise RefusedError(*told["wrong"])
            ended = ended or "checked" in told
            yield told
        if not ended:
            raise RefusedError("检查中断了。请再试一次。", "The check broke off. Please try again.")


def _answer(parcel: Parcel, file: dict[str, Any] | None, findings: list[Finding], here: dict[str, str]) -> Answer:
    if any(parcel.refused) or file is None:
        why = parcel.refused if any(parcel.refused) else ("没有读到内容。", "Nothing was read.")
        return Answer(parcel, "rejected", {}, 0, (), why)
    known_as = here.get(sha256(parcel.data).hexdigest(), "")
    why = tuple(file["why"]) if file["why"] else ("", "")
    return Answer(parcel, file["status"], file["rows_loaded"], file["rows_quarantined"], tuple(findings), why, known_as)


def _question(told: dict[str, Any]) -> Question:
    proposals = tuple(
        Meaning(one["meaning"], one["zh"], one["en"], tuple(tuple(pair) for pair in one["examples"]), one["is_likely"])
        for one in told["proposals"]
    )
    return Question(**{**told, "cells": tuple(told["cells"]), "proposals": proposals})


def _files_by_content(inbox: Path, warehouse: Path) -> dict[str, str]:
    """Content → file, of what is here and wasn't withdrawn."""
    from pipelines import intake
    from pipelines.reading.inbox import find_submissions

    if not inbox.is_dir():
        return {}
    post = intake.open_post(find_submissions([inbox]), [inbox], warehouse, datetime.now(), log=False)
    return {one.sha256: one.file for one in post.sent if one.sha256 and not one.withdrawn}


def _placed(wanted: Path, content: bytes) -> Path:
    """The whole file or none, under a name that nothing has yet, even when two people hand in at once."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    apart = wanted.with_name(f".{secrets.token_hex(8)}.part")
    apart.write_bytes(content)
    try:
        target, number = wanted, 1
        while True:
            try:
                os.link(apart, target)
            except FileExistsError:
                number += 1
                target = wanted.with_name(f"{wanted.stem}({number}){wanted.suffix}")
            except OSError:  # a share or a stick that knows no links
                if not target.exists():
                    return apart.rename(target)
                raise
            else:
                return target
    finally:
        apart.unlink(missing_ok=True)


def _refused_row(one: Answer) -> Finding:
    return {
        "source_file": one.parcel.file, "source_sheet": "", "source_cell": "", "kind": None, "field": None,
        "code": "unreadable_file", "severity": "error", "raw_value": None,
        "message_zh": one.why[0], "message_en": one.why[1],
    }  # fmt: skip
