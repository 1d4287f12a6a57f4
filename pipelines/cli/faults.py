"""Turns what keeps a command from being done into plain words and exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.cli.speaking import print_aside, stop
from pipelines.told import in_language
from pipelines.warehouse import NoWarehouseError
from pipelines.words import Language, say


@contextmanager
def explained(lang: Language, paths: list[Path], folder: Path, wait: float = 0.0) -> Iterator[None]:
    """Explains everything that can keep a load from being done."""
    from pipelines import build, intake, locking, publishing
    from pipelines.mending.toml_lines import SettingsError

    shown = "、".join(map(str, paths)) if lang == "zh" else ", ".join(map(str, paths))
    try:
        yield
    except build.NothingFoundError:
        stop(say("nothing_found", lang, folder=shown))
    except build.NothingReadableError as fault:
        for file, zh, en in fault.reasons:
            print_aside(say("rejected_why", lang, file=file, what=zh if lang == "zh" else en))
        stop(say("nothing_readable", lang, folder=shown, count=len(fault.reasons)))
    except locking.StillLoadingError as fault:
        who = fault.holder or locking.Holder(0, "?", "?", "?")
        values = {"user": who.user, "since": who.started_at, "host": who.host, "pid": who.pid}
        stop(say("still_loading", lang, seconds=f"{wait:.0f}", **values))
    except SettingsError as fault:
        stop(say("settings_wrong", lang, file=fault.file, line=fault.line, what=in_language(fault, lang)))
    except (publishing.NotPublishedError, intake.StagingFullError, OSError) as fault:
        stop(say("not_published", lang, reason=fault, folder=folder))
    except KeyboardInterrupt:
        stop(say("stopped", lang))


@contextmanager
def on_published(lang: Language, folder: Path) -> Iterator[None]:
    """Explains that nothing has been published where a warehouse was asked for."""
    try:
        yield
    except NoWarehouseError:
        stop(say("no_warehouse", lang, folder=folder))
