"""`assistant translate`: a document into another language, its structure kept."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.output_file import check_absent, write_whole
from assistant.cli.sending import tell_where
from assistant.cli.speaking import say, told
from assistant.core.errors import DocumentError, UsageError
from assistant.core.paths import with_home

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.core.events import Notice
    from skills.translation.documents import DocumentTranslation
    from skills.translation.formats.document import Document
    from skills.translation.generated import Fallback, GeneratedTranslator

_LARGEST = 200 << 20  # bytes
_STANDARD = "-"


@click.command()
@click.argument("file", default=_STANDARD)
@click.option("--to", "--target", "target", help="Language to translate into, by name or code.")
@click.option("--from", "--source", "source", help="Language of the document; found out if absent.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT",
              help="File to write; standard output if absent.")  # fmt: skip
@click.option("--format", "kind", help="Format, where the file's name does not tell.")
@click.option("--force", is_flag=True, help="Replace OUT where it exists.")
@click.pass_obj
def command(
    context: Context,
    file: str,
    target: str | None,
    source: str | None,
    output: Path | None,
    kind: str | None,
    force: bool,
) -> None:
    """Translate FILE (txt, md, html, srt, vtt, po or docx); without FILE, standard input.

      assistant translate notes.md --to pt -o notes.pt.md
      cat film.srt | assistant translate --to en --format srt > film.en.srt

    Code, addresses, placeholders, numbers and formatting stay as they are. What should be read
    again is said at the end, on standard error.
    """
    if output is not None:
        check_absent(output, force)
    into = _target(target, context.settings)
    document, form = _document(file, kind, into)
    if form == "docx" and output is None:
        raise UsageError("A Word document can't go to the screen.", "Name a file: -o OUT.docx")
    plan = _plan(context, document, _code(source), into)
    _tell(plan.notices)
    with _interruptible() as stop:
        whole = _print(plan, stop) if output is None else _save(plan, output, force, stop)
    _tell(plan.remarks())
    if not whole:
        say("Stopped." if output is None else f"Stopped; {output} was not written.", err=True)
        sys.exit(130)


def _target(target: str | None, settings: Settings) -> str:
    wanted = _code(target or settings.translate.target)
    if wanted is None:
        raise UsageError(
            "No language to translate into was named.",
            "Name one: --to pt. Or for good: assistant config set translate.target pt",
        )
    return wanted


def _code(language: str | None) -> str | None:
    if not language:
        return None
    from assistant.language.names import find_language

    code = find_language(language)
    if code is None:
        raise UsageError(
            f"“{language[:40]}” is no language known here.",
            "Give a name or an ISO 639-1 code, like Portuguese or pt.",
        )
    return code


def _document(file: str, kind: str | None, target: str) -> tuple[Document, str]:
    """The document, and its format."""
    from skills.translation.formats.opening import format_of, open_document

    if kind is not None:
        form = format_of(f".{kind.lstrip('.')}")
    else:
        form = "txt" if file == _STANDARD else format_of(Path(file).name)
    return open_document(_read(file), form, target), form


def _read(file: str) -> bytes:
    if file == _STANDARD:
        if sys.stdin.isatty():
            raise UsageError("There is nothing to translate.", "Name a file, or pipe text in.")
        data = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        try:
            with with_home(file).open("rb") as opened:
                data = opened.read(_LARGEST + 1)
        except OSError as error:
            raise DocumentError(
                f"{file} can't be read: {error.strerror}.", "Correct the name, or its permissions."
            ) from error
    if len(data) > _LARGEST:
        raise DocumentError(f"{file} is larger than {_LARGEST >> 20} MB.", "Divide it.")
    return data


def _plan(
    context: Context, document: Document, source: str | None, target: str
) -> DocumentTranslation:
    from assistant.engine.wiring import build
    from skills.translation.documents import DocumentTranslator
    from skills.translation.generated import fallback_of

    services = build(context.settings, context.places).services
    glossary = context.settings.translate.glossary
    fallback = announced(fallback_of(services), context.settings)
    translator = DocumentTranslator(
        services.translators, services.suggest_translators, glossary, fallback
    )
    return translator.plan(document, source, target)


def announced(find: Fallback, settings: Settings) -> Fallback:
    """The language model as a translator; where another machine serves it, that is said before
    any of the document is sent there."""

    def found(source: str, target: str) -> GeneratedTranslator | None:
        written = find(source, target)
        if written is not None:
            tell_where(settings, settings.generate.model)
        return written

    return found


def _print(plan: DocumentTranslation, stop: threading.Event) -> bool:
    """Write the document as it is translated; False where it was stopped."""
    from assistant.core.text import sanitize
    from skills.translation.formats.document import TextDocument

    assert isinstance(plan.document, TextDocument)  # noqa: S101 - others need a file
    for piece in plan.document.stream(plan.run(stop.is_set)):
        shown = sanitize(piece) if sys.stdout.isatty() else piece
        sys.stdout.buffer.write(shown.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    return not stop.is_set()


def _save(plan: DocumentTranslation, output: Path, force: bool, stop: threading.Event) -> bool:
    translations = list(_with_progress(plan, stop))
    if stop.is_set():
        return False
    write_whole(output, plan.document.render(translations), force)
    return True


def _with_progress(plan: DocumentTranslation, stop: threading.Event) -> Iterator[str]:
    """The translations; where a person looks on, with a bar."""
    texts = plan.document.texts
    made = plan.run(stop.is_set)
    if not sys.stderr.isatty():
        yield from made
        return
    lengths = [sum(len(segment.text) for segment in text) for text in texts]
    with click.progressbar(length=sum(lengths), label=told("Translating"), file=sys.stderr) as bar:
        for length, text in zip(lengths, made, strict=False):
            bar.update(length)
            yield text


def _tell(notices: Iterable[Notice]) -> None:
    for notice in notices:
        click.echo(told("Note:", notice.text, notice.hint), err=True)


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event set by the first Ctrl+C; a second one quits."""
    stop = threading.Event()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
