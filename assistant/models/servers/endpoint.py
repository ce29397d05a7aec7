"""A server as it is spoken to: address, key, patience."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError
from assistant.models.servers.sent import SentLog
from assistant.models.sources.server import ServerSource

if TYPE_CHECKING:
    import httpx2

USER_AGENT = "assistant"
"""Instead of the library's own, which names versions."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, and how long they may take; the key never shows in a `repr`.

    Args:
        connect_seconds: for name look-up, connection and TLS together at most.
        wait_seconds: between two pieces of an answer, the first one included.
        retries: after the first try, while nothing of the answer has come.
        ca_file: a certificate authority trusted beside the system's; "" = none.
        pause: seconds of the first wait before another try; it doubles.
        sent: told when text goes to another machine.
        key_problem: why no key could be looked up; told if the server wants one.
    """

    source: ServerSource
    key: str = field(default="", repr=False)
    connect_seconds: float = 10.0
    wait_seconds: float = 300.0
    retries: int = 4
    ca_file: str = ""
    pause: float = 0.5
    sent: SentLog = field(default_factory=SentLog, repr=False)
    key_problem: ModelError | None = None

    def client(self) -> httpx2.Client:
        """An HTTP client that holds one connection and follows no redirect.

        Proxies are those of the environment (HTTPS_PROXY, NO_PROXY, …), but what is meant for
        this machine never takes one.

        Raises:
            ModelError: the certificate file can't be read, or a proxy's kind needs a package.
        """
        import httpx2

        try:
            return httpx2.Client(
                headers=self._headers(),
                timeout=httpx2.Timeout(self.wait_seconds + 1, connect=self.connect_seconds),
                limits=httpx2.Limits(max_connections=1, max_keepalive_connections=1),
                verify=self._tls(),
                trust_env=not self.source.is_on_loopback,
                follow_redirects=False,
            )
        except (ValueError, httpx2.InvalidURL):  # its words could hold the proxy's password
            raise ModelError(
                "The proxy the environment names has an address that can't be used.",
                "Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or name the host in NO_PROXY.",
            ) from None
        except ImportError as error:  # SOCKS
            raise ModelError(
                f"The proxy of the environment can't be used: {error}.",
                "Install that (pip install 'httpx2[socks]'), or name the host in NO_PROXY.",
            ) from None

    def _headers(self) -> dict[str, str]:
        # Uncompressed: a small answer can't unpack into an endless one.
        headers = {"user-agent": USER_AGENT, "accept-encoding": "identity"}
        return {**headers, "authorization": f"Bearer {self.key}"} if self.key else headers

    def _tls(self) -> ssl.SSLContext:
        import httpx2

        if not self.source.uses_tls:
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nothing, and loads nothing
        context = httpx2.create_ssl_context()  # the system's; SSL_CERT_FILE, SSL_CERT_DIR
        if self.ca_file:
            try:
                context.load_verify_locations(self.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise ModelError(
                    f"The certificate file {self.ca_file} can't be used: {error}.",
                    "Correct servers.ca_file: it names a PEM file, in full.",
                ) from error
        return context

    def redacted(self, text: str) -> str:
        """A text of the server's without the key, which some repeat."""
        return text.replace(self.key, "…") if self.key else text
