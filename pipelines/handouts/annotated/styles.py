"""Adds to a workbook's styles.xml what marking needs: cells' own styles in a severity's colour, and the listing's."""

from __future__ import annotations

from copy import deepcopy
from typing import Final, Literal

from lxml import etree

from pipelines.findings import Severity

COLOURS: Final[dict[Severity, str]] = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
"""Light enough to read what stands in the cell, on screen or printed; the comments say the severity in words."""

Look = Literal["title", "text", "heading", "cell", "link", "error", "warning", "info"]

EMPTY: Final = (
    '<styleSheet xmlns="{ns}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
_BEFORE: Final = {
    "fonts": ("numFmts",),
    "fills": ("numFmts", "fonts"),
    "borders": ("numFmts", "fonts", "fills"),
    "cellXfs": ("numFmts", "fonts", "fills", "borders", "cellStyleXfs"),
}


class Styles:
    """The style sheet of a workbook while cells are being marked."""

    def __init__(self, root: etree._Element) -> None:
        """Takes the root of styles.xml, which is changed in place."""
        self.root = root
        self._ns = etree.QName(root).namespace or ""
        self._formats = self._list("cellXfs")
        if not len(self._formats):
            self._add(self._formats, self._make("xf", numFmtId="0", fontId="0", fillId="0", borderId="0"))
        self._fills: dict[str, int] = {}
        self._fonts: dict[Look, int] = {}
        self._marked: dict[tuple[int, Severity], int] = {}
        self._looks: dict[Look, int] = {}
        self._boxed: int | None = None

    def marked(self, style: int, severity: Severity) -> int:
        """The number of the style like `style`, in the severity's colour."""
        key = (style, severity)
        if key not in self._marked:
            one = deepcopy(self._formats[style if style < len(self._formats) else 0])
            one.set("fillId", str(self._fill(COLOURS[severity])))
            one.set("applyFill", "1")
            self._marked[key] = self._add(self._formats, one)
        return self._marked[key]

    def unmarked(self, style: int) -> int:
        """The number of the style like `style` without a colour of ours; `style` itself where it has none."""
        if style >= len(self._formats):
            return style
        fills = self._list("fills")
        number = int(self._formats[style].get("fillId") or 0)
        colours = {one.get("rgb") for one in fills[number].iter("{*}fgColor")} if number < len(fills) else set()
        if not colours & set(COLOURS.values()):
            return style
        one = deepcopy(self._formats[style])
        one.set("fillId", "0")
        return self._add(self._formats, one)

    def look(self, look: Look) -> int:
        """The number of a style of the listing."""
        if look not in self._looks:
            one = self._make("xf", numFmtId="0", fontId=str(self._font(look)), fillId="0", borderId="0", applyFont="1")
            if look in COLOURS:
                one.set("fillId", str(self._fill(COLOURS[look])))
            elif look == "heading":
                one.set("fillId", str(self._fill("FFD9E1E8")))
            if one.get("fillId") != "0":
                one.set("applyFill", "1")
            if look not in ("title", "text"):
                one.set("borderId", str(self._box()))
                one.set("applyBorder", "1")
            one.set("applyAlignment", "1")
            align = self._make("alignment", vertical="top" if look != "heading" else "center")
            if look != "title":
                align.set("wrapText", "1")
            one.append(align)
            self._looks[look] = self._add(self._formats, one)
        return self._looks[look]

    def _font(self, look: Look) -> int:
        if look not in self._fonts:
            fonts = self._list("fonts")
            one = deepcopy(fonts[0]) if len(fonts) else self._make("font")
            for child in list(one):
                if etree.QName(child).localname in ("b", "i", "u", "strike", "color"):
                    one.remove(child)
            if look in ("title", "heading"):
                one.insert(0, self._make("b"))
            if look == "title":
                for size in one.iter("{*}sz"):
                    size.set("val", "14")
            if look == "link":
                # Excel wants a font's properties in this order: b, i, strike, u, sz, color, name.
                sizes = [at for at, child in enumerate(one) if etree.QName(child).localname == "sz"]
                one.insert(sizes[0] + 1 if sizes else 0, self._make("color", rgb="FF0563C1"))
                one.insert(0, self._make("u"))
            self._fonts[look] = self._add(fonts, one)
        return self._fonts[look]

    def _fill(self, colour: str) -> int:
        if colour not in self._fills:
            one = self._make("fill")
            pattern = self._make("patternFill", patternType="solid")
            pattern.append(self._make("fgColor", rgb=colour))
            pattern.append(self._make("bgColor", indexed="64"))
            one.append(pattern)
            self._fills[colour] = self._add(self._list("fills"), one)
        return self._fills[colour]

    def _box(self) -> int:
        if self._boxed is None:
            one = self._make("border")
            for side in ("left", "right", "top", "bottom"):
                line = self._make(side, style="thin")
                line.append(self._make("color", rgb="FFBFBFBF"))
                one.append(line)
            one.append(self._make("diagonal"))
            self._boxed = self._add(self._list("borders"), one)
        return self._boxed

    def _list(self, name: str) -> etree._Element:
        found = self.root.find(f"{{{self._ns}}}{name}")
        if found is None:
            found = self._make(name)
            names = [etree.QName(child).localname for child in self.root if isinstance(child.tag, str)]
            at = max((names.index(one) + 1 for one in _BEFORE[name] if one in names), default=0)
            self.root.insert(at, found)
        return found

    def _add(self, group: etree._Element, one: etree._Element) -> int:
        group.append(one)
        number = sum(1 for child in group if isinstance(child.tag, str)) - 1
        group.set("count", str(number + 1))
        return number

    def _make(self, name: str, **attributes: str) -> etree._Element:
        return etree.Element(f"{{{self._ns}}}{name}", attributes)
