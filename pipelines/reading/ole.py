"""The streams in an OLE container, the box that .xls files (and encrypted .xlsx files) come in.

Layout: [MS-CFB]. Chains of sectors are followed with a guard against loops.
"""

from __future__ import annotations

import struct
from typing import Final

from pipelines.reading.archive import damaged

END_OF_CHAIN: Final = 0xFFFFFFFE
LAST_SECTOR: Final = 0xFFFFFFFA
ENTRY_BYTES: Final = 128


class Container:
    """The streams of a container by name. Raises `Unreadable` when it is damaged."""

    def __init__(self, data: bytes) -> None:
        """Read the tables of the container."""
        try:
            self._open(data)
        except (struct.error, IndexError) as fault:
            raise damaged() from fault

    def _open(self, data: bytes) -> None:
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift > shift:
            raise damaged()
        self._data, self._size, self._mini_size = data, 1 << shift, 1 << mini_shift
        first_folder, _, self._cutoff, first_mini, _, first_more, _ = struct.unpack_from("<7I", data, 48)
        tables = [n for n in struct.unpack_from("<109I", data, 76) if n < LAST_SECTOR]
        seen = set()
        while first_more < LAST_SECTOR and first_more not in seen:
            seen.add(first_more)
            *more, first_more = struct.unpack(f"<{self._size // 4}I", self._sector(first_more))
            tables += [n for n in more if n < LAST_SECTOR]
        self._next: list[int] = []
        for table in dict.fromkeys(tables):
            sector = self._sector(table)
            self._next += struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
        folder = self._chain(first_folder)
        mini_table = self._chain(first_mini)
        self._mini_next = struct.unpack(f"<{len(mini_table) // 4}I", mini_table[: len(mini_table) // 4 * 4])
        self._mini = b""
        self._entries: dict[str, tuple[int, int]] = {}
        for at in range(0, len(folder) - ENTRY_BYTES + 1, ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", folder, at + 64)
            start, size = struct.unpack_from("<II", folder, at + 116)
            name = folder[at : at + min(max(length - 2, 0), 64)].decode("utf-16-le", errors="replace")
            if kind == 5:
                self._mini = self._chain(start)[:size]
            elif kind == 2:
                self._entries[name] = (start, size)

    def __len__(self) -> int:
        """How many streams there are."""
        return len(self._entries)

    def __contains__(self, name: str) -> bool:
        """Whether there is such a stream."""
        return name in self._entries

    def read(self, name: str) -> bytes:
        """A stream; shorter than it says where the file was cut."""
        start, size = self._entries[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        pieces = []
        seen = set()
        while start < len(self._mini_next) and start not in seen:
            seen.add(start)
            pieces.append(self._mini[start * self._mini_size : (start + 1) * self._mini_size])
            start = self._mini_next[start]
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _chain(self, number: int) -> bytes:
        pieces = []
        seen = set()
        while number < len(self._next) and number not in seen:
            seen.add(number)
            pieces.append(self._sector(number))
            number = self._next[number]
        return b"".join(pieces)
