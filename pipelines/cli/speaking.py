"""How the commands speak: answers on stdout, remarks and progress on stderr, exit code 2 where it could not be done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from pipelines.words import Language, say

if TYPE_CHECKING:
    from pipelines.intake import Progress


def out(text: str) -> None:
    """Prints what was asked for."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def print_aside(text: str) -> None:
    """Prints a remark on stderr, out of the way of what was asked for."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(message: str) -> NoReturn:
    """Ends with exit code 2: it could not be done."""
    print_aside(message)
    raise typer.Exit(2)


def teller(lang: Language) -> Callable[..., None]:
    """Says things on stderr in a language."""

    def tell(key: str, **values: object) -> None:
        print_aside(say(key, lang, **values))

    return tell


@contextmanager
def bar(lang: Language) -> Iterator[Progress]:
    """A progress bar on stderr, or nothing where that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(say("reading_files", lang), total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def speak_utf8() -> None:
    """Makes what is piped to other programs UTF-8, whatever the system's code page."""
    for stream in (sys.stdout, sys.stderr):
        if not stream.isatty() and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", newline="\n")
