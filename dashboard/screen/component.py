"""The one component in which a page is mounted: HTML from the server, clicks back to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

HERE: Final = Path(__file__).parent


def _style() -> str:
    """The common rules, then each page's own."""
    sheets = [HERE / "page.css", *sorted((HERE / "styles").glob("*.css"))]
    return "\n".join(one.read_text(encoding="utf-8") for one in sheets)


@cache
def ahead() -> list[str]:
    """Scripts of the framework that draw the map, fetched while the first page is read: about 1.5 MB."""
    scripts = Path(st.__file__).parent / "static" / "static" / "js"
    drawing = ("ArrowVegaLiteChart.*.js", "embed.*.js", "vega-interpreter.*.js")
    return [f"static/js/{one.name}" for name in drawing for one in scripts.glob(name)]


@cache
def _mounted() -> Callable[..., Any]:
    return st.components.v2.component(
        "lianping",
        html='<div class="lp-root"></div>',
        css=_style(),
        js=(HERE / "page.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )


def mount(key: str, data: Mapping[str, object], told: Callable[[str, str], None]) -> None:
    """Shows `data["html"]`. `told` hears of clicks: go and an address, take and a file, act and what was done."""

    def heard(name: str) -> Callable[[], None]:
        def hear() -> None:
            value = getattr(st.session_state[key], name, None)
            if value:
                told(name, str(value))

        return hear

    _mounted()(
        key=key, data=dict(data), on_go_change=heard("go"), on_take_change=heard("take"), on_act_change=heard("act")
    )
