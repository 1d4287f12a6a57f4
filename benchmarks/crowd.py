"""Many people at once: sessions that speak the server's own protocol over websockets, as their browsers would.

Each looks at a page, thinks, and looks at another; like a browser it also asks for the parts that renew themselves
when their time has come. No browser draws here: the cores are left to the server and to the one that is timed.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

SOUGHT: Final = (
    "",
    "page=compare",
    "page=compare&metric=collection_rate",
    "page=compare&metric=closure_median_hours&lang=en",
    "page=map",
    "page=map&metric=cost_per_m2_month",
    "page=estate",
    "page=estate&estate=云锦苑",
    "page=estate&estate=柳岸花园&lang=en",
    "page=definitions",
)
PATIENCE_S: Final = 60


@dataclass
class Crowd:
    """So many sessions at an address, as a context. `took`: seconds of each answer; `errors`: what went wrong."""

    address: str
    sessions: int
    thinking_s: float
    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Crowd:
        for number in range(self.sessions):
            self._threads.append(threading.Thread(target=self._sit, args=(number,), daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for one in self._threads:
            one.join(PATIENCE_S)

    def _sit(self, number: int) -> None:
        dice = random.Random(number)
        self._over.wait(dice.uniform(0, self.thinking_s))
        if self._over.is_set():
            return
        address = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        try:
            with connect(address, subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
                Session(line, self, dice).live()
        except (OSError, ConnectionClosed, TimeoutError) as fault:
            self.errors.append(f"{type(fault).__name__}: {fault}")


class Session:
    """One person's connection: what it asked, and which parts of the page renew themselves."""

    def __init__(self, line: ClientConnection, crowd: Crowd, dice: random.Random) -> None:
        self.line, self.crowd, self.dice = line, crowd, dice
        self.renewing: dict[str, tuple[float, float]] = {}
        self.query = ""

    def live(self) -> None:
        """Looks at one page after another until the crowd goes home."""
        while not self.crowd._over.is_set():
            self.query = self.dice.choice(SOUGHT)
            self.renewing.clear()
            begun = time.monotonic()
            self._ask()
            self._hear(begun + PATIENCE_S, until_done=True)
            self.crowd.took.append(time.monotonic() - begun)
            self._hear(time.monotonic() + self.dice.uniform(0.5, 1.5) * self.crowd.thinking_s, until_done=False)

    def _ask(self, fragment: str = "") -> None:
        ask = BackMsg()
        ask.rerun_script.query_string = self.query
        if fragment:
            ask.rerun_script.fragment_id = fragment
            ask.rerun_script.is_auto_rerun = True
        self.line.send(ask.SerializeToString())

    def _hear(self, ends: float, *, until_done: bool) -> None:
        while (now := time.monotonic()) < ends and not self.crowd._over.is_set():
            due = min((at for _, at in self.renewing.values()), default=ends)
            try:
                told = ForwardMsg.FromString(self.line.recv(max(0.0, min(due, ends, now + 1) - now)))
            except TimeoutError:
                self._renew()
                continue
            if self._heard(told) and until_done:
                return
        if until_done and not self.crowd._over.is_set():
            self.crowd.errors.append(f"no answer within {PATIENCE_S} s: {self.query}")

    def _renew(self) -> None:
        now = time.monotonic()
        for fragment, (interval, at) in list(self.renewing.items()):
            if at <= now:
                self.renewing[fragment] = (interval, now + interval)
                self._ask(fragment)

    def _heard(self, told: Any) -> bool:
        """Takes in a message; whether a whole page was finished by it."""
        what = told.WhichOneof("type")
        if what == "auto_rerun":
            one = told.auto_rerun
            self.renewing[one.fragment_id] = (one.interval, time.monotonic() + one.interval)
        elif what == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
            self.crowd.errors.append(told.delta.new_element.exception.message)
        elif what == "script_finished":
            if told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.crowd.errors.append(f"failed: {self.query}")
            return bool(told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)
        return False
