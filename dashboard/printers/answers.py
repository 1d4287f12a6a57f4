"""Packs the answers to all senders of a batch: for each a folder with the message and the marked workbooks."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

from dashboard.words import say
from pipelines.receiving import desk
from pipelines.receiving.desk import Batch, RefusedError
from pipelines.words import Language


def answers_of(batch: Batch, warehouse: Path, lang: Language) -> tuple[str, str, bytes]:
    """Name, media type and bytes of a .zip: `<sender>/<message>.txt` and each workbook with findings, marked."""
    packed = io.BytesIO()
    now = datetime.now()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for sender, text in desk.messages(batch, warehouse, lang, now).items():
            archive.writestr(f"{sender}/{say('data.messages', lang)}.txt", "\ufeff" + text.replace("\n", "\r\n"))
        for one in batch.answers:
            if not one.findings or any(one.why):
                continue
            try:
                name, content = desk.marked_workbook(batch, one, lang)
            except RefusedError as fault:
                archive.writestr(f"{one.parcel.sender}/{one.parcel.name}.txt", fault.zh if lang == "zh" else fault.en)
            else:
                archive.writestr(f"{one.parcel.sender}/{name}", content)
    return (
        f"{say('data.answers_zip', lang).partition('（')[0].partition(' (')[0]}-{now:%Y%m%d}.zip",
        "application/zip",
        packed.getvalue(),
    )
