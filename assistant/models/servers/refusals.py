"""What a server's refusals and silences mean to the person who chose it."""

from __future__ import annotations

import email.utils
import re
import time
from typing import Any

import msgspec

from assistant.core.errors import ModelError
from assistant.core.text import one_line
from assistant.models.servers.exchange import Head
from assistant.models.sources.server import ServerSource

SHOWN, MOST_SAID = 300, 4000
"""Characters of a server's own words that are repeated, and that are looked at."""
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""Statuses that may be otherwise in a moment (529: overloaded)."""
_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum context|too (long|large|many tokens)"
    r"|exceed.{0,40}(context|tokens)|physical batch size",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"(?:context (?:length|window|size)\D{0,20}?)(\d{2,9})", re.IGNORECASE)
_PROMPT = re.compile(
    r"(\d{2,9}) (?:tokens )?(?:in the messages|input tokens|of text input|tokens from the input)",
    re.IGNORECASE,
)


class Refusal(msgspec.Struct, frozen=True):
    """What a server said no with."""

    status: int
    message: str
    code: str = ""
    param: str = ""
    prompt_tokens: int = 0
    """Of a prompt that is too long; 0 = not said."""
    context: int = 0
    """Tokens that fit; 0 = not said."""
    retry_after: float | None = None
    """Seconds."""

    @property
    def is_too_long(self) -> bool:
        """Whether less text might be taken."""
        if self.code in {"context_length_exceeded", "exceed_context_size_error"}:
            return True
        return self.status in {400, 413, 422, 500} and bool(_TOO_LONG.search(self.message))

    @property
    def is_loading(self) -> bool:
        """Whether the model is only not ready yet (llama-server)."""
        return self.status == 503 and "loading" in self.message.lower()

    @property
    def is_about_address(self) -> bool:
        """Whether nothing answers questions there; LM Studio says so with a 200."""
        lost = "unexpected endpoint" in self.message.lower()
        return (self.status in {404, 405} or lost) and not self.is_about_model

    @property
    def is_about_model(self) -> bool:
        """Whether it says that it has no such model."""
        if self.code == "model_not_found":
            return True
        named = "model" in self.message.lower()
        absent = re.search(
            r"not found|does not exist|not exist|no such|unknown", self.message, re.I
        )
        return self.status in {400, 404} and named and absent is not None


class RefusedError(ModelError):
    """A server said no; carries what it said."""

    def __init__(self, refusal: Refusal, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.refusal = refusal


def read_refusal(head: Head, body: bytes) -> Refusal:
    """The refusal in an answer, whatever shape it has."""
    try:
        said: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = "" if is_page(body) else body.decode("utf-8", "replace")
    return refusal_of(said, head.status, _retry_after(head.headers.get("retry-after", "")))


def refusal_of(said: Any, status: int, retry_after: float | None = None) -> Refusal:
    """From decoded JSON: {"error": {"message"…}}, {"error": "…"}, {"detail": …}, {"message": …}."""
    inner = said.get("error", said) if isinstance(said, dict) else said
    fields: dict[str, Any] = inner if isinstance(inner, dict) else {}
    message = " ".join(_words(fields.get("message") or fields.get("detail") or inner))
    code = fields.get("code")
    if status == 200 and isinstance(code, int):  # an error in the midst of a stream
        status = code
    kind = code if isinstance(code, str) else fields.get("type")
    limit, prompt = _LIMIT.search(message), _PROMPT.search(message)
    return Refusal(
        status=status,
        message=one_line(message, MOST_SAID),
        code=str(kind or ""),
        param=str(fields.get("param") or ""),
        prompt_tokens=_number(fields.get("n_prompt_tokens")) or (int(prompt[1]) if prompt else 0),
        context=_number(fields.get("n_ctx")) or (int(limit[1]) if limit else 0),
        retry_after=retry_after,
    )


def explain(
    refusal: Refusal, source: ServerSource, name: str, key_problem: ModelError | None = None
) -> RefusedError:
    """The error for a refusal that is final.

    Args:
        name: the model's in the catalogue.
        key_problem: why no key could be looked up.
    """
    fact, remedy = _meaning(refusal, source, name)
    said = f" It says: {one_line(refusal.message, SHOWN)}" if refusal.message else ""
    if key_problem is not None and refusal.status == 401:
        return RefusedError(refusal, f"{fact} {key_problem.message}", key_problem.hint)
    return RefusedError(refusal, f"{fact}{said}", remedy)


def _meaning(refusal: Refusal, source: ServerSource, name: str) -> tuple[str, str]:
    host, status = source.host, refusal.status
    if status == 401:
        return (
            f"{host} wants a key, or another one than it was given.",
            f"Keep one for it: assistant models key set {name}",
        )
    if status in {402, 403}:
        return (
            f"{host} does not allow this ({status}).",
            "See whether the key may use this model, and whether the account is in credit.",
        )
    if refusal.is_too_long:
        return (
            f"The text is too long for {source.model} on {host}.",
            "Shorten it, start a new conversation, or let the server run with a longer context.",
        )
    if refusal.is_about_model:
        return (
            f"{host} has no model “{source.model}”.",
            f"What it has: assistant models discover --at {source.url}",
        )
    if refusal.is_about_address:
        return (
            f"{host} has nothing at {source.url} ({status}).",
            "Correct the address in config.toml; most end in /v1. "
            "What runs on this machine: assistant models discover",
        )
    if status == 429:
        wait = f" It asks to wait {duration(refusal.retry_after)}." if refusal.retry_after else ""
        return (
            f"{host} takes no more requests for now (429).{wait}",
            "Ask again later, or look at the account's limits.",
        )
    if refusal.is_loading:
        return (
            f"{host} is still loading the model.",
            "Ask again in a while. To wait longer, raise servers.wait_seconds.",
        )
    if status >= 500:
        return f"{host} failed ({status}).", "Ask again; if it stays, the server's log says why."
    if status < 300:
        return (
            f"{host} answered, but with nothing of use ({status}).",
            "See whether its address in config.toml is right, and the server's log.",
        )
    return f"{host} refused the request ({status}).", "See the server's log for more."


def is_page(body: bytes) -> bool:
    """Whether bytes begin like HTML."""
    return body[:200].lstrip().lower().startswith((b"<!doctype", b"<html", b"<head", b"<?xml"))


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header: a number, or a date."""
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value.strip()):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _words(said: Any) -> list[str]:
    """What texts there are in an error of unknown shape."""
    if isinstance(said, str):
        return [said]
    if isinstance(said, list):
        return [word for part in said[:10] for word in _words(part)]
    if isinstance(said, dict):
        return [word for part in list(said.values())[:10] for word in _words(part)]
    return []


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def duration(seconds: float | None) -> str:
    """Seconds in words."""
    seconds = seconds or 0
    return f"{seconds:.0f} s" if seconds >= 1 else f"{seconds:.1g} s"
