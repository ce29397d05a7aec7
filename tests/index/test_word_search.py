"""Search by words: the plan, the formula, and that both agree with SQLite's own ranking."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.documents import Filters
from index.catalogue import Session
from index.collection import Collection
from index.contents import NewChunk
from index.files import Stamp
from index.lexical import TermCounts, indexed_terms, matched, shape
from index.restriction import Restriction
from index.word_plan import ALONE, ROWS, plan

EVERYWHERE = Restriction(1, is_partial=False)


@pytest.mark.parametrize(
    ("counts", "query"),
    [
        ({}, ""),
        ({"unknown": 0}, ""),
        ({"rare": 3, "rarer": 1}, '"rarer" OR "rare"'),
        ({"rare": 3, "the": 900_000}, '"rare"'),  # more than half hold it: it tells nothing
        (
            {"rare": 3, "city": 30_000, "people": 50_000},
            '"rare" OR ("city" AND ("people"))',
        ),
        ({"people": 25_000, "the": 900_000}, '"people"'),  # the only one that tells
        ({"many": 400_000, "the": 900_000}, ""),
    ],
)
def test_the_rarest_terms_are_looked_up_and_common_ones_in_pairs(
    counts: dict[str, int], query: str
) -> None:
    assert plan(counts, 1_000_000) == query


def test_words_alone_rather_search_long_than_not_at_all() -> None:
    assert plan({"many": 400_000, "the": 900_000}, 1_000_000, thorough=True) == '"many"'
    assert plan({"unknown": 0}, 1_000_000, thorough=True) == ""


def test_the_fewer_contents_may_be_found_the_more_terms_are_looked_up() -> None:
    counts = {"city": ALONE * 3, "people": ALONE * 4}
    assert "AND" in plan(counts, 1_000_000)
    assert plan(counts, 1_000_000, share=0.01) == '"city" OR "people"'


def test_a_long_question_stays_within_its_rows() -> None:
    counts = {f"t{n}": n * 97 for n in range(1, 400)}
    alone, *pairs = plan(counts, 1_000_000).split(" OR (")
    assert sum(counts[term.strip('"')] for term in alone.split(" OR ")) <= ALONE
    expected = 0.0
    for pair in pairs:
        first, *others = [counts[t] for t in re.findall(r"t\d+", pair)]
        expected += first * sum(others) / 1_000_000
    assert 0 < expected <= ROWS


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """400 contents of words from common to rare, some in Chinese."""
    draw = random.Random(3)  # noqa: S311
    words = [f"w{n}" for n in range(300)] + ["北京", "上海大学", "naïve"]
    weights = [1 / (n + 1) for n in range(len(words))]
    collection = Collection(tmp_path / "made")
    with collection.writing() as session:
        for number in range(400):
            text = " ".join(draw.choices(words, weights, k=draw.randint(5, 60)))
            chunk = NewChunk(text, f"heading {number % 7}", 0, len(text), None, 1)
            path = f"/{'even' if number % 2 == 0 else 'odd'}/{number}.txt"
            session.files.store_file(path, Stamp(1, 1), None, [chunk])
        yield session


QUESTIONS = (
    "w0 w1 w5 w200",
    "w150 heading 3",
    "北京 上海大学 w2",
    "w0",
    "w299 unknown",
    "naïve w7",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_planned_search_scores_as_sqlite_does(session: Session, question: str) -> None:
    exact = session.words(question, TermCounts(), EVERYWHERE)
    planned = session.words(question, TermCounts(), EVERYWHERE, exact=0)
    every = exact.top(1000)
    assert planned.score(list(every)) == pytest.approx(every)
    assert planned.known_share == exact.known_share
    for content, score in planned.top(20).items():
        assert score == pytest.approx(every[content])


@pytest.mark.parametrize("question", QUESTIONS[:3])
def test_below_the_limit_a_planned_search_finds_the_best(session: Session, question: str) -> None:
    exact = session.words(question, TermCounts(), EVERYWHERE).top(5)
    planned = session.words(question, TermCounts(), EVERYWHERE, exact=0).top(50)
    assert list(planned)[:3] == list(exact)[:3]


@pytest.mark.parametrize("exact", [0, 10_000])
def test_a_restricted_search_finds_allowed_contents_only(session: Session, exact: int) -> None:
    with session.snapshot():
        where = session.restrict(Filters(paths=("even/",)))
        assert (where.files, where.contents) == (200, 200)
        search = session.words("w0 w1 w150", TermCounts(), where, exact=exact)
        found = search.top(500)
        assert found
        for content in found:
            (chunk,) = session.contents.chunks_of(content)
            assert chunk.path.startswith("/even/")


def test_the_shape_of_the_word_table_is_what_sqlite_keeps(session: Session) -> None:
    lengths = [
        len(indexed_terms(heading, text))
        for heading, text in session.contents.texts(range(1, 401)).values()
    ]
    contents, mean = shape(session.connection)
    assert contents == 400
    assert mean == pytest.approx(sum(lengths) / 400)


def test_a_remembered_count_follows_the_size_and_is_made_anew(session: Session) -> None:
    counts = TermCounts()
    connection: sqlite3.Connection = session.connection
    true = len(matched(connection, '"w0"'))
    assert counts.count(connection, "w0", 400) == true
    assert counts.count(connection, "w0", 420) == round(true * 1.05)
    assert counts.count(connection, "w0", 4000) == true
    assert counts.count(connection, "w9999", 400) == 0


def test_an_empty_collection_knows_no_words(tmp_path: Path) -> None:
    with Collection(tmp_path / "none").writing() as session:
        for thorough in (False, True):
            search = session.words("anything", TermCounts(), EVERYWHERE, thorough=thorough)
            assert search.top(5) == {}
            assert search.known_share == 0.0
