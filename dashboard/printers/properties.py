"""Writes a picture's title into the file itself, where word processors and file managers read it."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Final
from xml.sax.saxutils import escape

_SIGNATURE: Final = 8
_HEADER: Final = 25
"""Bytes of a PNG's signature and of its IHDR chunk, which must stay first."""


class NotTitledError(ValueError):
    """A file that is not built as its format says."""


def titled_png(content: bytes, title: str, about: str) -> bytes:
    """The PNG with its title and description (UTF-8). PNG specification, third edition, 11.3.3.2 iTXt."""
    place = _SIGNATURE + _HEADER
    chunks = b"".join(_text_chunk(key, text) for key, text in (("Title", title), ("Description", about)))
    return content[:place] + chunks + content[place:]


def titled_svg(content: str, title: str, about: str, fonts: str) -> str:
    """The SVG with a title and a description, read out as one picture, and fonts to fall back on."""
    head = re.search(r"<svg\b[^>]*>", content)
    if head is None:
        raise NotTitledError("no svg element")
    told = f"<title>{escape(title)}</title><desc>{escape(about)}</desc>"
    opened = head[0][:-1] + ' role="img" xml:lang="zh">'
    body = content[head.end() :].replace('font-family="Noto Sans SC"', f'font-family="{fonts}"')
    return content[: head.start()] + opened + told + body


def titled_pdf(content: bytes, title: str, about: str) -> bytes:
    """The PDF with title and subject, added as an update at its end. ISO 32000-1, 7.5.6 and 14.3.3."""
    start = re.findall(rb"startxref\s+(\d+)\s+%%EOF", content)
    trailers = re.findall(rb"trailer\s*<<(.*?)>>\s*startxref", content, re.DOTALL)
    if not start or not trailers:
        raise NotTitledError("no trailer")
    size = re.search(rb"/Size\s+(\d+)", trailers[-1])
    root = re.search(rb"/Root\s+\d+\s+\d+\s+R", trailers[-1])
    if size is None or root is None:
        raise NotTitledError("no size or root in the trailer")
    number = int(size[1])
    body = content if content.endswith(b"\n") else content + b"\n"
    info = b"%d 0 obj\n<< /Title %s /Subject %s >>\nendobj\n" % (number, _pdf_text(title), _pdf_text(about))
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(body))
    trailer = b"trailer\n<< /Size %d %s /Info %d 0 R /Prev %s >>\n" % (number + 1, root[0], number, start[-1])
    return body + info + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(body) + len(info))


def _text_chunk(key: str, text: str) -> bytes:
    data = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
    return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))


def _pdf_text(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"
