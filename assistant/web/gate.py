"""Who may speak to the server in the browser's name: the holder of the token, on this machine.

The server listens on the loopback interface only, where every program and every web page open
in a browser can reach it. The token, 256 random bits in the path, keeps them out. The names in
`Host` and `Origin` must be those of the loopback interface, so that a page whose own name is
made to point here (DNS rebinding) can't use a token it somehow learned.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

TOKEN_BYTES = 32
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "font-src 'self'; img-src 'self' data:; connect-src 'self' ws: ; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer: nothing is loaded from elsewhere, kept, framed, or told to other pages."""


def new_token() -> str:
    """A token for the life of one server."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_admitted(path: str, host: str, origin: str | None, token: str) -> bool:
    """Whether a request may come in.

    Args:
        path: of the request; its first part must be the token.
        host: the `Host` header.
        origin: the `Origin` header, which browsers send with every websocket; None without.
    """
    given = path.lstrip("/").partition("/")[0]
    return (
        secrets.compare_digest(given.encode(), token.encode())
        and _is_loopback(f"//{host}")
        and (origin is None or (_is_loopback(origin) and urlsplit(origin).netloc == host))
    )


def _is_loopback(url: str) -> bool:
    """Whether the name in a URL is one of this machine's own; any port, for a tunnel may end at
    another one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.hostname in LOOPBACK_NAMES and parts.username is None and port != 0
