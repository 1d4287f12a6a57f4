"""Puts comments on the cells of a sheet, beside those that are there: their texts, and the drawing of their boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Final

from lxml import etree

from pipelines.findings import address
from pipelines.handouts.annotated.cells import Place
from pipelines.handouts.annotated.marks import place
from pipelines.handouts.annotated.package import UnpatchableError
from pipelines.handouts.annotated.wording import AUTHOR, OPENS

XMLNS: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
SHAPE_TYPE: Final = (
    f'<v:shapetype {XMLNS} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
BLOCK: Final = 1024
"""How many shapes one number of a drawing's `idmap` stands for."""

_NUMBER: Final = re.compile(rb'_x0000_s(\d+)"')
_MAP: Final = re.compile(rb'idmap[^>]*?data="([\d, ]+)"')
_SHAPE: Final = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
_CLOSING: Final = re.compile(rb"</xml>\s*$")


def empty(ns: str) -> etree._Element:
    """A comments part without a comment."""
    root = etree.Element(f"{{{ns}}}comments", nsmap={None: ns})
    etree.SubElement(root, f"{{{ns}}}authors")
    etree.SubElement(root, f"{{{ns}}}commentList")
    return root


def add(root: etree._Element, texts: Mapping[Place, str]) -> list[Place]:
    """Adds a comment a place, in the order of cells; where the sender has one, ours follows in it. Gives the places
    that had none, which need a box."""
    ns = etree.QName(root).namespace or ""
    authors, listed = _child(root, "authors"), _child(root, "commentList")
    names = [one.text or "" for one in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, f"{{{ns}}}author").text = AUTHOR
        names.append(AUTHOR)
    there = {place(one.get("ref") or ""): one for one in listed}
    new = []
    for at, text in texts.items():
        one = there.get(at)
        if one is None:
            one = etree.SubElement(listed, f"{{{ns}}}comment", ref=address(at[0] + 1, at[1]))
            one.set("authorId", str(names.index(AUTHOR)))
            etree.SubElement(one, f"{{{ns}}}text")
            new.append(at)
            _say(_child(one, "text"), text, ns)
        else:
            _say(_child(one, "text"), "\n\n" + text, ns)
    listed[:] = sorted(listed, key=lambda one: place(one.get("ref") or "") or (0, 0))
    return new


def strip_ours(root: etree._Element) -> tuple[list[Place], list[Place]]:
    """Takes our own comments out again: the places that had one of ours, and those among them without one now."""
    listed = _child(root, "commentList")
    authors = [one.text or "" for one in _child(root, "authors")]
    had, gone = [], []
    for one in list(listed):
        at = place(one.get("ref") or "")
        text = _child(one, "text")
        said = "".join(text.itertext())
        by = int(one.get("authorId") or 0)
        if at is None or OPENS not in said:
            continue
        had.append(at)
        if said.lstrip().startswith(OPENS) or (by < len(authors) and authors[by] == AUTHOR):
            listed.remove(one)
            gone.append(at)
            continue
        for run in list(text):
            if "".join(run.itertext()).lstrip().startswith(OPENS):
                text.remove(run)
    return had, gone


def boxes(vml: bytes | None, places: Iterable[Place], taken: Iterable[bytes]) -> bytes:
    """The drawing with a hidden box a comment; a new drawing where there is none. `taken` are the workbook's other
    drawings, whose numbers are avoided. Raises UnpatchableError where the drawing can't be added to."""
    places = list(places)
    if vml is None:
        used = [int(n) for one in taken for data in _MAP.findall(one) for n in re.findall(rb"\d+", data)]
        block = max(used, default=0) + 1
        data = ",".join(str(block + i) for i in range(1 + len(places) // BLOCK))
        vml = (
            f'<xml {XMLNS}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{data}"/></o:shapelayout></xml>'
        ).encode()
        first = block * BLOCK + 1
    else:
        first = max((int(n) for n in _NUMBER.findall(vml)), default=BLOCK) + 1
    end = _CLOSING.search(vml)
    if end is None:
        raise UnpatchableError(
            "表中原有批注的图形部件写法特殊", "the drawing of its own comments is written in an unusual way"
        )
    kind = b"" if b'id="_x0000_t202"' in vml else SHAPE_TYPE.encode()
    shapes = b"".join(_box(first + i, at) for i, at in enumerate(places))
    return vml[: end.start()] + kind + shapes + vml[end.start() :]


def without_boxes(vml: bytes, places: Iterable[Place]) -> bytes:
    """The drawing without the boxes of the comments at these places."""
    for row, column in places:
        for shape in _SHAPE.findall(vml):
            if (
                b'ObjectType="Note"' in shape
                and re.search(rb"<x:Row>\s*%d\s*</x:Row>" % row, shape)
                and re.search(rb"<x:Column>\s*%d\s*</x:Column>" % column, shape)
            ):
                vml = vml.replace(shape, b"", 1)
    return vml


def _box(number: int, at: Place) -> bytes:
    row, column = at
    anchor = f"{column + 1}, 12, {max(0, row - 1)}, 8, {column + 5}, 12, {max(0, row - 1) + 6}, 8"
    return (
        f'<v:shape {XMLNS} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
        'margin-top:6pt;width:220pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    ).encode()


def _say(text: etree._Element, words: str, ns: str) -> None:
    """Adds words to the text of a comment; plain text that is there becomes its first run."""
    plain = text.find(f"{{{ns}}}t")
    if plain is not None:
        run = etree.Element(f"{{{ns}}}r")
        run.append(deepcopy(plain))
        text.replace(plain, run)
    runs = [at for at, child in enumerate(text) if etree.QName(child).localname == "r"]
    run = etree.Element(f"{{{ns}}}r")
    properties = etree.SubElement(run, f"{{{ns}}}rPr")
    etree.SubElement(properties, f"{{{ns}}}sz", val="9")
    etree.SubElement(properties, f"{{{ns}}}rFont", val="宋体")
    said = etree.SubElement(run, f"{{{ns}}}t")
    said.text = words
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.insert(runs[-1] + 1 if runs else 0, run)


def _child(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(f"{{*}}{name}")
    if found is None:
        found = etree.Element(f"{{{etree.QName(parent).namespace}}}{name}")
        parent.insert(0 if name == "authors" else len(parent), found)
    return found
