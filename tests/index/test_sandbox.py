"""A file that breaks its reader costs itself only."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.core.errors import DocumentError
from index.loaders.document import Document, Limits
from index.loaders.errors import ReaderDiedError, ReadingStoppedError
from index.loaders.recognition import Readers
from index.loaders.safe_reader import SafeReader
from index.loaders.sandbox import Sandbox
from tests.index.formats import every_format, make_scan
from tests.index.test_loaders_recognition import FixedReader

pytestmark = pytest.mark.skipif(os.name == "nt", reason="crashes with POSIX signals")

Make = Callable[..., Sandbox]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Sandbox] = []

    def making(limits: Limits | None = None) -> Sandbox:
        worker = str(Path(__file__).with_name("faulty_worker.py"))
        code = f"import sys, runpy; sys.path.append(sys.argv[2]); runpy.run_path({worker!r}, "
        command = [sys.executable, "-P", "-c", code + "run_name='__main__')"]
        made.append(Sandbox(limits or Limits(), command))
        return made[-1]

    yield making
    for sandbox in made:
        sandbox.close()


@pytest.fixture
def saying(tmp_path: Path) -> Callable[[str], Path]:
    def writing(what: str) -> Path:
        path = tmp_path / f"{what}.txt"
        path.write_text(what)
        return path

    return writing


Saying = Callable[[str], Path]


@pytest.mark.parametrize("what", ["crash", "fault"])
def test_after_a_crash_the_next_file_is_read(make: Make, saying: Saying, what: str) -> None:
    sandbox = make()
    with pytest.raises(ReaderDiedError, match="crashed its reader"):
        sandbox.load(saying(what))
    assert sandbox.load(saying("fine")).text == "fine"


def test_a_file_that_takes_forever_is_given_up(make: Make, saying: Saying) -> None:
    sandbox = make(Limits(seconds=0.5))
    with pytest.raises(ReaderDiedError, match="longer than 0 seconds"):
        sandbox.load(saying("hang"))
    sandbox._limits = Limits()  # the process starts anew, which takes its time on a busy machine
    assert sandbox.load(saying("fine")).text == "fine"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory by the system")
def test_a_file_that_takes_all_memory_is_given_up(make: Make, saying: Saying) -> None:
    sandbox = make()
    with pytest.raises(DocumentError, match="too much memory"):
        sandbox.load(saying("hog"))
    assert sandbox.load(saying("fine")).text == "fine"


def test_reading_can_be_cancelled(make: Make, saying: Saying) -> None:
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    sandbox = make()
    with pytest.raises(ReadingStoppedError):
        sandbox.load(saying("hang"), cancel.is_set)
    assert sandbox.load(saying("fine")).text == "fine"


def test_what_libraries_print_does_no_harm(make: Make, saying: Saying) -> None:
    assert make().load(saying("chatter")).text == "chatter"


def test_the_network_is_out_of_reach(make: Make, saying: Saying) -> None:
    with pytest.raises(ReaderDiedError):
        make().load(saying("connect"))


def test_refusals_keep_their_remedy(make: Make, saying: Saying) -> None:
    with pytest.raises(DocumentError) as caught:
        make().load(saying("refuse"))
    assert (caught.value.message, caught.value.hint) == ("No.", "Try again.")


def test_pixels_come_through(make: Make, saying: Saying) -> None:
    pixels = make().render(saying("picture"), 7)
    assert pixels.shape == (2, 4, 3)
    assert pixels.min() == pixels.max() == 7


def test_a_process_that_ended_while_idle_is_started_again(make: Make, saying: Saying) -> None:
    sandbox = make()
    sandbox.load(saying("fine"))
    sandbox._worker._process.kill()  # type: ignore[union-attr]
    sandbox._worker._process.wait()  # type: ignore[union-attr]
    assert sandbox.load(saying("fine")).text == "fine"


def test_a_closed_sandbox_leaves_no_process_and_opens_again(make: Make, saying: Saying) -> None:
    sandbox = make()
    sandbox.load(saying("fine"))
    process = sandbox._worker._process  # type: ignore[union-attr]
    sandbox.close()
    assert process.returncode is not None
    assert sandbox.load(saying("fine")).text == "fine"


def test_a_forgotten_sandbox_ends_its_process(make: Make, saying: Saying) -> None:
    sandbox = Sandbox(Limits())
    sandbox.load(saying("fine"))
    process = sandbox._worker._process  # type: ignore[union-attr]
    del sandbox
    assert process.wait(60) is not None


def test_a_program_that_can_not_start_is_said_so(saying: Saying) -> None:
    with pytest.raises(DocumentError, match="can't be started"):
        Sandbox(Limits(), ["/nowhere/to/be/found"]).load(saying("fine"))


def test_files_of_every_format_are_read_alike_inside_and_outside(tmp_path: Path) -> None:
    from index.loaders.registry import read_file

    sandbox = Sandbox(Limits())
    for suffix, content in every_format().items():
        path = tmp_path / f"a{suffix}"
        path.write_bytes(content)
        assert sandbox.load(path) == read_file(path, Limits())
    sandbox.close()


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems refuse such names")
def test_a_name_that_is_no_text_survives(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("fine")
    reader = SafeReader(Limits())
    assert reader.read(path).text == "fine"
    reader.close()


def test_a_module_in_the_working_folder_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "__init__.py").write_text("raise SystemExit")
    (tmp_path / "msgspec.py").write_text("raise SystemExit")
    (tmp_path / "a.txt").write_text("fine")
    monkeypatch.chdir(tmp_path)
    reader = SafeReader(Limits())
    assert reader.read(Path("a.txt")).text == "fine"
    reader.close()


def test_pictures_are_drawn_there_and_recognised_here(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_scan(2))
    reader = SafeReader(Limits(), Readers(lambda: FixedReader("Page text.")))
    assert reader.read(tmp_path / "a.pdf") == Document(
        "Page text.\n\nPage text.", pages=(0, 12), scans=()
    )
    assert ".png" in reader.suffixes
    assert ".png" not in SafeReader(Limits()).suffixes
    reader.close()


def test_an_attached_file_is_named_in_its_error(tmp_path: Path) -> None:
    reader = SafeReader(Limits())
    with pytest.raises(DocumentError, match=r"none\.txt"):
        reader.text(tmp_path / "none.txt")
    reader.close()
