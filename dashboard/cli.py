"""The program `lianping`: the commands of both wings under one roof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer


def __getattr__(name: str) -> typer.Typer:
    """`app`, made when it is asked for: workers that only read files import this module and need no commands."""
    if name == "app":
        from dashboard.commands import app

        return app
    raise AttributeError(name)


def main() -> None:
    """Runs the program."""
    from dashboard.commands import app
    from pipelines.cli import speak_utf8

    speak_utf8()
    app()
