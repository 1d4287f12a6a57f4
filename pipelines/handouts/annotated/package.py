"""The parts of an .xlsx file: read as they are, some replaced or added, and all others written back byte for byte."""

from __future__ import annotations

import io
import zipfile
import zlib
from posixpath import join, normpath, relpath
from typing import Final

from lxml import etree

from pipelines.reading.archive import parse
from pipelines.told import ToldError

CONTENT_TYPES: Final = "[Content_Types].xml"
TYPES_NS: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS_NS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


class UnpatchableError(ToldError):
    """The file can't be marked in place; `zh` and `en` say why."""


class Package:
    """A zip of parts. Names are found without regard to case, as the format wants it."""

    def __init__(self, data: bytes) -> None:
        """Unpacks the bytes of a file that has been read before. Raises UnpatchableError where they can't be."""
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._parts: dict[str, bytes] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for info in archive.infolist():
                    self._infos[info.filename] = info
                    self._parts[info.filename] = archive.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as fault:
            raise UnpatchableError(
                "文件的压缩结构不规范，不能在原文件上标注。",
                "The file's zip structure is irregular, so it can't be marked in place.",
            ) from fault
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in self._parts}

    def __contains__(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._names

    def names(self) -> list[str]:
        """The names of all parts, as they are written."""
        return list(self._parts)

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises KeyError."""
        return self._parts[self._names[name.lower()]]

    def tree(self, name: str) -> etree._Element:
        """A part as XML. Raises KeyError, Unreadable."""
        return parse(self.read(name))

    def put(self, name: str, content: bytes | etree._Element) -> None:
        """Replaces a part, or adds it."""
        if not isinstance(content, bytes):
            content = etree.tostring(content, xml_declaration=True, encoding="UTF-8", standalone=True)
        self._parts[self._names.setdefault(name.lower(), name)] = content

    def free_name(self, pattern: str) -> str:
        """The first name that no part has: `{}` in the pattern becomes 1, 2, …"""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def bytes(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._parts.items():
                info = zipfile.ZipInfo(
                    name, self._infos[name].date_time if name in self._infos else (1980, 1, 1, 0, 0, 0)
                )
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return out.getvalue()

    def declare(self, part: str, content_type: str) -> None:
        """Says what a part is."""
        types = self.tree(CONTENT_TYPES)
        wanted = "/" + part
        for one in types.iter(f"{{{TYPES_NS}}}Override"):
            if (one.get("PartName") or "").lower() == wanted.lower():
                one.set("ContentType", content_type)
                break
        else:
            etree.SubElement(types, f"{{{TYPES_NS}}}Override", PartName=wanted, ContentType=content_type)
        self.put(CONTENT_TYPES, types)


def relations_part(part: str) -> str:
    """The part that holds the relations of a part."""
    folder, _, name = part.rpartition("/")
    return join(folder, "_rels", f"{name}.rels")


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Relation id → (type, part it leads to); what leads outside the file is left out."""
    found: dict[str, tuple[str, str]] = {}
    if (rels := relations_part(part)) in package:
        for one in package.tree(rels).iter("{*}Relationship"):
            if one.get("TargetMode") != "External":
                found[one.get("Id") or ""] = (one.get("Type") or "", _target(part, one.get("Target") or ""))
    return found


def related(package: Package, part: str, kind: str) -> str | None:
    """The part to which a relation of this kind (the last word of its type) leads, if there is one."""
    for of, target in relations(package, part).values():
        if of.rpartition("/")[2] == kind and target in package:
            return target
    return None


def relate(package: Package, part: str, type_: str, target: str) -> str:
    """Leads from a part to another; gives the id of the relation."""
    rels = relations_part(part)
    root = (
        package.tree(rels)
        if rels in package
        else etree.Element(f"{{{RELATIONS_NS}}}Relationships", nsmap={None: RELATIONS_NS})
    )
    taken = {one.get("Id") for one in root.iter("{*}Relationship")}
    number = 1
    while f"rIdLp{number}" in taken:
        number += 1
    known = f"rIdLp{number}"
    to = relpath(target, part.rpartition("/")[0] or ".")
    etree.SubElement(root, f"{{{RELATIONS_NS}}}Relationship", Id=known, Type=type_, Target=to)
    package.put(rels, root)
    return known


def _target(part: str, target: str) -> str:
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else normpath(join(part.rpartition("/")[0], target))
