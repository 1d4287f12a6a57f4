"""Starts the server of the pages: on this machine only, without telemetry, developer menus or side doors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.selection import PAGES

APP: Final = Path(__file__).parent / "app.py"
UPLOAD_MB: Final = 64

OPTIONS: Final = {
    "server.headless": True,
    "server.enableStaticServing": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": UPLOAD_MB,
    "server.runOnSave": False,
    "server.enableXsrfProtection": True,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showSidebarNavigation": False,
    "global.developmentMode": False,
    "runner.magicEnabled": False,
    "logger.level": "warning",
    "theme.base": "light",
    "theme.backgroundColor": "#FBFAF7",
    "theme.secondaryBackgroundColor": "#FFFFFF",
    "theme.textColor": "#1B1E23",
    "theme.primaryColor": "#1D4477",
    "theme.borderColor": "#D8D5CD",
    "theme.baseRadius": "4px",
}


CLOSED: Final = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
"""Doors of the framework that nobody needs here: numbers about the server, runs without a browser."""


class Doors:
    """Sends `/estate?…` to the one page that shows it, and keeps the framework's side doors shut."""

    def __init__(self, app: ASGIApp) -> None:
        """Stands before `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        path = scope.get("path", "")
        page = path.strip("/")
        if scope["type"] == "http" and path.startswith(CLOSED):
            await PlainTextResponse("", status_code=404)(scope, receive, send)
        elif scope["type"] == "http" and page in PAGES and page:
            query = parse_qsl(scope.get("query_string", b"").decode())
            address = "/?" + urlencode([("page", page), *((name, value) for name, value in query if name != "page")])
            await RedirectResponse(address)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def serve(warehouse: Path, inbox: Path, *, address: str, port: int) -> None:
    """Serves the pages of a warehouse until it is stopped. `inbox`: the submissions that it is made of.

    Pages are prepared ahead of those who ask, unless LIANPING_PREPARE is "no".
    """
    import streamlit as st

    from dashboard import warming
    from dashboard.fonts import ready

    os.environ["LIANPING_WAREHOUSE"] = str(warehouse.resolve())
    os.environ["LIANPING_RAW"] = str(inbox.resolve())
    ready()
    options = {**OPTIONS, "server.address": address, "server.port": port, "browser.serverAddress": address}
    # The folder of static files is looked for beside what was started.
    sys.argv = [str(APP)]
    if os.environ.get("LIANPING_PREPARE") != "no":
        warming.start(warehouse)
    st.App(APP, middleware=[Middleware(Doors)]).run(config=options)
