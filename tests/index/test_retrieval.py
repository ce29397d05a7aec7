"""What comes of a question: filters on both lists, files given room, near copies folded."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import IndexSettings
from assistant.core.documents import NO_FILTERS, Filters, Retrieval
from assistant.core.errors import ModelMissingError
from assistant.core.protocols import Embedder
from index.collection import Collection
from index.contents import NewChunk
from index.files import Stamp
from index.near_copies import are_near_copies, fingerprint
from index.selection import ALSO
from index.service import DocumentIndex
from index.training import Policy
from tests.fakes import HashingEmbedder
from tests.index.conftest import Add
from tests.index.filling import embed, fill

LONG = (
    "The tenant shall pay the agreed rent to the landlord on the first working day of each "
    "month, and shall keep the rooms, the windows and the heating in good repair as long as "
    "the lease runs; the landlord shall insure the house against fire, storm and water."
)


def names(found: Retrieval) -> list[str]:
    return [Path(c.path).name for c in found.candidates]


@pytest.fixture(params=[Policy(), Policy(train_from=20)], ids=["exact", "trained"])
def collection(
    request: pytest.FixtureRequest, tmp_path: Path, embedder: HashingEmbedder
) -> Collection:
    """Sixty notes on bread, a day apart since 1970, every third a Markdown file."""
    made = Collection(tmp_path / "made", request.param)
    texts = [f"Bread of kind{n} is baked with flour and water." for n in range(60)]
    paths = [f"/bakery/{n % 4}/note{n}.{'md' if n % 3 == 0 else 'txt'}" for n in range(60)]
    fill(made, embedder, texts, paths)
    with made.writing() as session:
        made.save_vectors(session, embedder.name, embedder.dimension)
    return made


def ask(
    collection: Collection,
    embedder: HashingEmbedder,
    filters: Filters,
    question: str = "Which bread is baked with flour?",
    k: int = 60,
    *,
    by_meaning: bool = True,
) -> Retrieval:
    query = embedder.embed_queries([question])[0] if by_meaning else None
    return collection.retrieve(question, k, query, embedder.name, filters)


@pytest.mark.parametrize(
    ("filters", "files"),
    [
        (Filters(paths=("/bakery/2/",)), 15),
        (Filters(paths=("NOTE7.",)), 1),
        (Filters(paths=("note?.*",)), 10),
        (Filters(types=("md",)), 20),
        (Filters(after="1970-01-11", before="1970-01-12"), 2),
        (Filters(paths=("/bakery/2/",), types=("md",)), 5),
        (Filters(types=("md", "txt")), 60),
    ],
)
@pytest.mark.parametrize("by_meaning", [True, False])
def test_only_files_that_pass_are_searched(
    collection: Collection,
    embedder: HashingEmbedder,
    filters: Filters,
    files: int,
    by_meaning: bool,
) -> None:
    found = ask(collection, embedder, filters, by_meaning=by_meaning)
    assert found.files == files
    assert len(found.candidates) == files  # each is one chunk, and all speak of bread


def test_a_file_that_ranks_last_is_first_among_those_that_pass(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    question = "Tell me of bread of kind3."
    assert names(ask(collection, embedder, NO_FILTERS, question))[0] == "note3.md"
    found = ask(collection, embedder, Filters(paths=("note44",)), question)
    assert names(found) == ["note44.txt"]
    assert found.candidates[0].dense is not None


@pytest.mark.parametrize(
    "filters",
    [Filters(paths=("nowhere",)), Filters(after="2024-02-30"), Filters(after="9999-12-31")],
)
def test_filters_nothing_passes_find_nothing(
    collection: Collection, embedder: HashingEmbedder, filters: Filters
) -> None:
    found = ask(collection, embedder, filters)
    assert (found.candidates, found.files, found.collection) == ((), 0, "made")


def test_an_unknown_collection_is_named_in_the_answer(index: DocumentIndex) -> None:
    assert index.retrieve("anything", "none", 3).collection == "none"


def test_the_service_hands_filters_on(index: DocumentIndex, add: Add, folder: Path) -> None:
    add(folder)
    found = index.retrieve("notice period bread", None, 5, Filters(types=("md",)))
    assert names(found) == ["笔记.md"]
    assert (found.files, found.collection) == (1, "default")


def test_without_a_model_filters_hold_for_words(tmp_path: Path, folder: Path) -> None:
    def missing() -> Embedder:
        raise ModelMissingError("e5 is not here.", "assistant models pull e5")

    index = DocumentIndex(tmp_path / "index", IndexSettings(), missing)
    list(index.add([folder], None, lambda: False))
    found = index.retrieve("the contract, the bread", None, 5, Filters(paths=("recipe",)))
    assert names(found) == ["recipe.txt"]


def test_a_file_takes_no_more_places_than_it_may(tmp_path: Path, embedder: HashingEmbedder) -> None:
    made = Collection(tmp_path / "made")
    notes = [f"A plain note, number {n}, that only mentions the turnover." for n in range(9)]
    fill(made, embedder, notes)
    with made.writing() as session:
        texts = [f"The turnover rose in the district d{n}." for n in range(300)]
        chunks = [NewChunk(t, "", 0, len(t), None, n) for n, t in enumerate(texts, 1)]
        session.files.store_file("/large.txt", Stamp(1, 1), None, chunks)
        embed(session, embedder)
    question = "In which district rose the turnover?"
    query = embedder.embed_queries([question])[0]
    free = made.retrieve(question, 8, query, embedder.name)
    assert names(free) == ["large.txt"] * 8
    held = made.retrieve(question, 8, query, embedder.name, per_file=2)
    assert names(held)[:2] == ["large.txt"] * 2
    assert len(set(names(held)[1:])) == 7


def test_copies_of_a_file_take_one_place_and_are_named(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    (folder / "lease.txt").write_text(LONG)
    (folder / "lease copy.txt").write_text(LONG)
    (folder / "lease scanned.txt").write_text(LONG.replace("windows", "wlndows"))
    add(folder)
    found = index.retrieve("Who pays the rent to the landlord?", None, 3)
    lease, *others = found.candidates
    assert "landlord" in lease.text
    assert {Path(lease.path).name, *(Path(p).name for p in lease.also)} == {
        "lease.txt",
        "lease copy.txt",
        "lease scanned.txt",
    }
    assert lease.path not in lease.also
    assert len(others) == 2
    assert all("landlord" not in c.text for c in others)


def test_under_a_filter_only_copies_that_pass_are_named(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    for name in ("lease.txt", "lease copy.txt", "lease.md"):
        (folder / name).write_text(LONG)
    add(folder)
    found = index.retrieve("the rent", None, 1, Filters(types=("txt",)))
    assert sorted([*names(found), *(Path(p).name for p in found.candidates[0].also)]) == [
        "lease copy.txt",
        "lease.txt",
    ]


def test_many_copies_do_not_keep_others_out(index: DocumentIndex, add: Add, folder: Path) -> None:
    for number in range(70):
        copy = f"{LONG} The end{'e' * number}."
        (folder / f"lease{number}.txt").write_text(copy)
    add(folder)
    found = index.retrieve("May the landlord keep the rent, the bread and the rooms?", None, 4)
    assert {Path(n).stem.rstrip("0123456789") for n in names(found)} >= {
        "lease",
        "contract",
        "recipe",
    }
    copies = next(c for c in found.candidates if "landlord" in c.text).also
    assert len(set(copies)) == ALSO


TERMS = tuple(LONG.lower().replace(",", "").replace(";", "").replace(".", "").split())


def replaced(**words: str) -> list[str]:
    return [words.get(term, term) for term in TERMS]


@pytest.mark.parametrize(
    ("other", "asked", "folded"),
    [
        (list(TERMS), (), True),
        (replaced(windows="doors"), (), True),
        ([*TERMS, "page"], (), True),
        (replaced(windows="doors"), ("windows",), False),  # the difference may be the answer
        ([*TERMS, "2024"], (), False),  # so may a number
        (replaced(windows="a", rent="b", house="c", fire="d", tenant="e"), (), False),
        (list(reversed(TERMS)), (), False),
        ([], (), False),
    ],
)
def test_passages_are_near_copies_when_nothing_that_tells_differs(
    other: list[str], asked: tuple[str, ...], folded: bool
) -> None:
    assert are_near_copies(fingerprint(TERMS, asked), fingerprint(other, asked)) is folded


def test_short_passages_that_differ_in_a_word_are_kept_apart() -> None:
    one, other = ["anna", "signed", "it"], ["berta", "signed", "it"]
    assert not are_near_copies(fingerprint(one, ()), fingerprint(other, ()))
    assert are_near_copies(fingerprint(["yes"], ()), fingerprint(["yes"], ()))
    assert not are_near_copies(fingerprint(["yes"], ()), fingerprint(["no"], ()))
