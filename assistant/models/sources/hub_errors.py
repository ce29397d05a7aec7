"""What the hub's refusals mean to the person who asked for a model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.core.errors import AssistantError, ModelError, OfflineError
from assistant.core.text import one_line
from assistant.models.sources.reference import HubSource

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 401, 403, 429, 500
_LOGIN = "log in with: hf auth login (or set HF_TOKEN)"


@contextmanager
def explaining_hub(source: HubSource, name: str) -> Iterator[None]:
    """Turns what the hub library raises into errors a person can act on."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        yield
    except OfflineModeIsEnabled as error:
        raise OfflineError(
            f"{name} can't be fetched: HF_HUB_OFFLINE is set.", "Unset it, then pull again."
        ) from error
    except HfHubHTTPError as error:
        raise explain_refusal(error, source) from error
    except httpx2.TransportError as error:
        raise ModelError(
            f"The model hub can't be reached, or broke off ({type(error).__name__}).",
            "Check the network; a mirror goes into HF_ENDPOINT, a proxy into HTTPS_PROXY. "
            "Pull again: what has arrived is kept and continued.",
        ) from error


def explain_refusal(error: HfHubHTTPError, source: HubSource) -> AssistantError:
    """The error for an HTTP status of the hub."""
    from huggingface_hub import errors

    page = source.repository
    if isinstance(error, errors.GatedRepoError):
        return ModelError(
            f"{page} is gated: its makers want their licence accepted first.",
            f"Accept it on the page of {page} at the hub, then {_LOGIN}.",
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return ModelError(
            f"The hub has no model repository {page}, or it is private.",
            f"Check the name; if it is yours, {_LOGIN}.",
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return ModelError(
            f"{page} has no revision “{source.revision}”.", "Leave it out for the newest."
        )
    if isinstance(error, errors.RemoteEntryNotFoundError):
        return ModelError(
            f"{page} has no file {source.file or 'of that name'}.",
            "Correct the file's name in the model's source.",
        )
    return _by_status(error, page)


def _by_status(error: HfHubHTTPError, page: str) -> ModelError:
    status = error.response.status_code
    if status in {_UNAUTHORIZED, _FORBIDDEN}:
        return ModelError(
            f"The hub refuses access to {page} ({status}).",
            f"It may be private, or your token wrong or without the right: {_LOGIN}.",
        )
    if status == _TOO_MANY:
        return ModelError(
            "The hub says too many requests came from here.", "Wait some minutes, then pull again."
        )
    if status >= _SERVER_ERROR:
        return ModelError(f"The hub has a fault of its own ({status}).", "Pull again later.")
    return ModelError(f"The hub refused {page}: {one_line(str(error))}", "Pull again later.")
