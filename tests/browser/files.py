"""The built site, and a server of its files on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

SITE: Final = Path(__file__).parent.parent.parent / "build/site"


class _Files(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm"}

    def __init__(self, asked: "list[str]", *arguments: Any) -> None:
        self._asked = asked
        super().__init__(*arguments, directory=str(SITE))

    def log_request(self, *_: object) -> None:
        """Keep the path in place of a log; but the browser's own wish for an icon is not the page's."""
        if self.path != "/favicon.ico":
            self._asked.append(self.path)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def served(asked: "list[str] | None" = None) -> Iterator[str]:
    """Serve the site as any static host does; yield its address. ``asked`` gets the path of each request."""
    assert (SITE / "index.html").is_file(), "the site is not built: python docs/build.py"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, [] if asked is None else asked)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
