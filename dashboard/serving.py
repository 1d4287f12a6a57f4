"""Starts the server of the pages: on this machine only, without telemetry, developer menus or side doors."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

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


def serve(warehouse: Path, inbox: Path, *, address: str, port: int) -> None:
    """Serves the pages of a warehouse until it is stopped. `inbox`: the submissions that it is made of."""
    from streamlit.web import bootstrap

    from dashboard.fonts import ready

    os.environ["LIANPING_WAREHOUSE"] = str(warehouse.resolve())
    os.environ["LIANPING_RAW"] = str(inbox.resolve())
    ready()
    options = {**OPTIONS, "server.address": address, "server.port": port, "browser.serverAddress": address}
    flags = {name.replace(".", "_"): value for name, value in options.items()}
    bootstrap.load_config_options(flag_options=flags)
    bootstrap.run(str(APP), is_hello=False, args=[], flag_options=flags)
