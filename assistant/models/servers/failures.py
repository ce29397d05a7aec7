"""What a connection that fails, breaks off or stays silent means to the person."""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Iterator

from assistant.core.errors import ModelError
from assistant.core.text import one_line
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.exchange import BrokenError, Head
from assistant.models.servers.refusals import SHOWN, duration
from assistant.models.sources.server import ServerSource


def explain_redirect(head: Head, source: ServerSource) -> ModelError:
    """An address that points elsewhere is not followed: text and key were meant for this one."""
    target = head.headers.get("location", "").partition("?")[0]
    return ModelError(
        f"{source.host} sends on to {one_line(target, 120) or 'another address'}, which is not "
        "followed.",
        "If that is the right server, write its address into config.toml.",
    )


def explain_page(source: ServerSource) -> ModelError:
    """A web page where an answer should be."""
    return ModelError(
        f"{source.url} answers with a web page, not with a model's answer.",
        "Correct the address in config.toml: most end in /v1. A proxy or a log-in page may also "
        "stand between.",
    )


def explain_encoding(source: ServerSource) -> ModelError:
    """Compressed in spite of what was asked for."""
    return ModelError(
        f"{source.host} sends compressed answers, which were not asked for.",
        "Turn compression off in the server or in the proxy before it.",
    )


def explain_cut(source: ServerSource) -> ModelError:
    """An answer without its end."""
    return ModelError(
        f"{source.host} broke off in the midst of the answer.",
        "Ask again; if it stays, the server's log says why.",
    )


def explain_endless(source: ServerSource) -> ModelError:
    """More than was asked for, by far."""
    return ModelError(
        f"{source.host} sent far more than was asked for; the rest was not read.",
        "See what answers at this address.",
    )


def explain_silence(source: ServerSource, seconds: float) -> ModelError:
    """Nothing came for too long."""
    return ModelError(
        f"Nothing came from {source.host} for {duration(seconds)}.",
        "It may be busy or still loading the model. To wait longer, raise servers.wait_seconds.",
    )


def explain_broken(error: BrokenError, endpoint: Endpoint) -> ModelError:
    """A connection that failed, by what the system said."""
    source = endpoint.source
    host = source.host
    causes = list(_causes(error))
    kind = _kind(error)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return ModelError(
            f"There is no host {host}, or its name can't be looked up.",
            "Correct the address in config.toml, and see whether the network is up.",
        )
    words = " ".join(str(cause) for cause in causes)
    if "CERTIFICATE_VERIFY_FAILED" in words or "certificate verify failed" in words:
        reason = re.search(r"certificate verify failed: ([^(\[]+)", words)
        why = f" ({reason[1].strip()})" if reason else ""
        return ModelError(
            f"The certificate of {host} can't be trusted{why}; nothing was sent.",
            "If it is signed by an authority of your own, name that in config.toml: "
            'servers.ca_file = "/path/ca.pem"',
        )
    if "WRONG_VERSION_NUMBER" in words or "record layer failure" in words:
        return ModelError(f"{host} does not speak TLS.", "Its address may begin with http:// .")
    if _is_refused(error):
        return _refused(source)
    if kind in {"ConnectTimeout", "PoolTimeout"}:
        return ModelError(
            f"{host} did not answer within {duration(endpoint.connect_seconds)}.",
            "See whether it is running and can be reached from here. To wait longer, raise "
            "servers.connect_seconds.",
        )
    if "Timeout" in kind:
        return explain_silence(source, endpoint.wait_seconds)
    if kind == "ProxyError":
        return ModelError(
            f"The proxy on the way to {host} refused: {one_line(str(error), SHOWN)}",
            "It is named by HTTPS_PROXY, HTTP_PROXY or ALL_PROXY; NO_PROXY makes exceptions.",
        )
    return ModelError(
        f"The connection to {host} broke: {one_line(str(error) or kind, SHOWN)}",
        "See whether the server is still running, and ask again.",
    )


def _is_refused(error: BrokenError) -> bool:
    return any(getattr(cause, "errno", None) == errno.ECONNREFUSED for cause in _causes(error))


def _refused(source: ServerSource) -> ModelError:
    if source.is_on_loopback:
        return ModelError(
            f"No server is running at {source.host} on this machine.",
            "Start it, or choose another model. What does run here: assistant models discover",
        )
    return ModelError(
        f"{source.host} refuses connections.",
        "See whether the server is running, and whether the port in config.toml is right.",
    )


def is_passing(error: Exception, source: ServerSource) -> bool:
    """Whether a failed connection may work in a moment."""
    if not isinstance(error, BrokenError):
        return False  # it was waited for long enough, or was no answer
    if source.is_on_loopback and _is_refused(error):
        return False  # nobody is there, and on this machine that is known at once
    words = " ".join(str(cause) for cause in _causes(error))
    if "certificate" in words.lower() or "WRONG_VERSION" in words or "record layer" in words:
        return False
    unknown = any(
        isinstance(cause, socket.gaierror) and cause.errno != socket.EAI_AGAIN
        for cause in _causes(error)
    )
    return not unknown and _kind(error) in {
        "ConnectError", "ConnectTimeout", "ReadError", "WriteError", "RemoteProtocolError",
        "CloseError",
    }  # fmt: skip


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _kind(error: BrokenError) -> str:
    """The name of the client's own exception."""
    return type(error.__cause__).__name__
