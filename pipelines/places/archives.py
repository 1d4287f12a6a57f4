"""Takes the parts of shapefiles out of a zip without trusting it: no paths of its own, no more bytes than agreed."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.reading.sheets import Unreadable

PARTS: Final = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
MOST_BYTES: Final = 200 * 1024 * 1024
MOST_MEMBERS: Final = 10_000
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Shapefile:
    """One shapefile, unpacked: where its .shp stands, and the name and encoding that came with it."""

    path: Path
    name: str
    cpg: str | None


def unpack(path: Path, into: Path) -> list[Shapefile]:
    """The shapefiles in a zip, each unpacked to a numbered folder below `into`, in the order of their names.

    Only the parts of shapefiles are written, under names of our own. Raises Unreadable for a zip that is broken,
    locked, has paths leading out of it, holds over 200 MB of parts, or no shapefile.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack(archive, into)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Unreadable(
            f"压缩包已损坏，打不开（{error}）。请重新压缩后再报送。",
            f"The zip is damaged and can't be opened ({error}): pack it again and send it again.",
        ) from error


def _unpack(archive: zipfile.ZipFile, into: Path) -> list[Shapefile]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise _too_large()
    groups: dict[tuple[str, str], dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        inside = PurePosixPath(_name(member).replace("\\", "/"))
        if ".." in inside.parts or inside.is_absolute() or inside.parts[0].endswith(":"):
            raise Unreadable(
                f"压缩包里有指向包外的路径（{inside}），不安全，没有读取。请用系统自带的压缩功能重新打包。",
                f"The zip holds a path that leads out of it ({inside}), so it was not read: pack it again.",
            )
        part = inside.suffix.lower()
        if part not in PARTS or inside.parts[0] == "__MACOSX" or inside.name.startswith("._"):
            continue
        groups.setdefault((str(inside.parent), inside.stem), {})[part] = member
    wanted = [(key, parts) for key, parts in sorted(groups.items()) if ".shp" in parts]
    if not wanted:
        raise Unreadable(
            "压缩包里没有 .shp 文件。请把同名的 .shp、.shx、.dbf、.prj 一起压缩，或另存为 .geojson。",
            "The zip holds no .shp file: pack the .shp, .shx, .dbf and .prj of one name together, or save as .geojson.",
        )
    if sum(member.file_size for _, parts in wanted for member in parts.values()) > MOST_BYTES:
        raise _too_large()
    left = MOST_BYTES
    found = []
    for number, ((_, stem), parts) in enumerate(wanted):
        folder = into / str(number)
        folder.mkdir(parents=True)
        for part, member in parts.items():
            left = _write(archive, member, folder / f"layer{part}", left)
        cpg = folder / "layer.cpg"
        encoding = cpg.read_text(encoding="ascii", errors="replace").strip() if cpg.exists() else None
        cpg.unlink(missing_ok=True)
        found.append(Shapefile(folder / "layer.shp", stem, encoding or None))
    return found


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Writes one member, and tells how many bytes may still come; what the zip says of its size is not believed."""
    if member.flag_bits & 1:
        raise Unreadable(
            "压缩包设了密码。请去掉密码后重新报送。",
            "The zip is locked with a password: send it without one.",
        )
    with archive.open(member) as source, target.open("wb") as out:
        while chunk := source.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise _too_large()
            out.write(chunk)
    return left


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member; zip programs on Chinese Windows write it in GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _too_large() -> Unreadable:
    return Unreadable(
        "压缩包解开后太大（超过 200 MB），没有读取。请只保留本街道的边界后再报送。",
        "The zip is too large when unpacked (over 200 MB) and was not read: keep only this street's boundaries.",
    )
