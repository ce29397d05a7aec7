"""The find skill: what is asked, what is shown, and what is kept to itself."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.core.documents import NO_FILTERS, Candidate, Filters, Label, Place, Retrieval
from assistant.core.errors import DocumentError, UsageError
from assistant.core.events import Abstained, Event, Notice, Picture, TextDelta
from assistant.core.heat import Heat
from assistant.core.messages import ImageAttachment, Message
from assistant.core.picture_search import (
    FoundPicture,
    FoundPictures,
    PictureGroup,
    PictureQuery,
)
from assistant.core.protocols import Pixels, Vectors
from assistant.core.skills import Params, SkillRequest
from skills.find import FindSkill
from skills.finding.asking import read_request, topic_of
from skills.finding.beside import PicturesBeside
from skills.finding.class_names import ClassNames
from skills.finding.searching import PictureSearch
from skills.finding.spaces import EncoderSpace, LabelSpace, Space, subject
from skills.labelling.taxonomy import wordnet
from skills.qa import QaSkill
from tests.fakes import HashingEmbedder
from tests.index.picturing import save, scene
from tests.skills.describing import FakeLabeler, FakeOpener

TODAY = date(2026, 11, 25)
NONE = FoundPictures((), 0, 5)


@dataclass
class Album:
    """A library that finds what it was told to."""

    found: FoundPictures = NONE
    asked: list[tuple[PictureQuery | None, Filters, frozenset[str]]] = field(default_factory=list)
    count: int = 5

    def picture_count(self, collection: str | None) -> int:
        return self.count

    def find_pictures(
        self,
        query: PictureQuery | None,
        collection: str | None,
        filters: Filters = NO_FILTERS,
        by_text: Collection[str] = (),
        most: int = 6,
    ) -> FoundPictures:
        self.asked.append((query, filters, frozenset(by_text)))
        return self.found

    def near_duplicates(self, collection: str | None) -> tuple[PictureGroup, ...]:
        return ()


@dataclass
class Texts:
    """Documents that hold the given texts, by path."""

    texts: dict[str, str] = field(default_factory=dict)

    def retrieve(
        self,
        question: str,
        collection: str | None,
        k: int,
        filters: Filters = NO_FILTERS,
        per_file: int = 0,
        words: str = "",
    ) -> Retrieval:
        found = tuple(
            Candidate(at, path, text, Place(), 0, len(text), None, 1.0, 1.0)
            for at, (path, text) in enumerate(self.texts.items())
        )
        return Retrieval(found, len(found), len(found), 0)

    def is_empty(self, collection: str | None) -> bool:
        return not self.texts


@dataclass
class TwoTexts:
    """An encoder with a place for dogs and one for everything else."""

    name: str = "two"
    logit_scale: float = 10.0
    logit_bias: float | None = None

    def embed_images(self, images: Sequence[Pixels]) -> Vectors:
        return np.array([[1, 0]] * len(images), np.float32)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1, 0] if "dog" in text else [0, 1] for text in texts], np.float32)

    def heat(self, image: Pixels, text: str) -> Heat:
        raise AssertionError("nobody asks why")


def labels(tmp_path: Path, *seen: Label) -> LabelSpace:
    labeler = FakeLabeler(seen) if seen else FakeLabeler()
    return LabelSpace("fake", lambda: labeler, HashingEmbedder, ClassNames(tmp_path))


def make(
    album: Album, space: Space | None = None, texts: Texts | None = None, language: str = "en"
) -> FindSkill:
    search = PictureSearch(lambda: album, lambda: texts or Texts(), lambda: space)
    return FindSkill(search, FakeOpener, lambda _: language, lambda: TODAY)


def ask(skill: FindSkill, text: str, *images: Path) -> list[Event]:
    attachments = tuple(ImageAttachment(str(image)) for image in images)
    message = Message("user", text, attachments)
    return list(skill.run(SkillRequest(message, (), Params(), lambda: False)))


def said(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def picture(name: str, score: float = 0.9, *, by_file: bool = False) -> FoundPicture:
    return FoundPicture(f"/album/{name}", score, "2023-05-01", by_file)


@pytest.mark.parametrize(
    ("text", "topic", "after", "before"),
    [
        ("show me photos of snow from 2023", "snow", "2023-01-01", "2023-12-31"),
        ("find pictures of dogs", "dogs", "", ""),
        ("photos taken in May 2022", "", "2022-05-01", "2022-05-31"),
        ("show me pictures from last year", "", "2025-01-01", "2025-12-31"),
        ("do I have any pictures with a red car?", "red car", "", ""),
        ("pictures of cats before 2020", "cats", "", "2019-12-31"),
        ("my photos of the beach since June 2021", "beach", "2021-06-01", ""),
        ("photos from yesterday", "", "2026-11-24", "2026-11-24"),
        ("找出有猫的照片", "猫", "", ""),
        ("给我看2023年的雪景照片", "雪景", "2023-01-01", "2023-12-31"),
        ("去年拍的猫的照片", "猫", "2025-01-01", "2025-12-31"),
        ("muéstrame fotos de perros de 2022", "perros", "2022-01-01", "2022-12-31"),
        ("mostre fotos de cachorros", "cachorros", "", ""),
        ("zeig mir Bilder von Hunden aus dem Jahr 2020", "Hunden", "2020-01-01", "2020-12-31"),
        ("montre-moi les photos de chats prises en 2021", "chats", "2021-01-01", "2021-12-31"),
    ],
)
def test_topic_and_time_are_read_from_the_wording(
    text: str, topic: str, after: str, before: str
) -> None:
    asked = read_request(text, NO_FILTERS, TODAY, has_image=False)
    assert (asked.topic, asked.filters.after, asked.filters.before) == (topic, after, before)


def test_flags_overrule_the_wording() -> None:
    asked = read_request("photos from 2023", Filters(after="2023-07-01"), TODAY, has_image=False)
    assert (asked.filters.after, asked.filters.before) == ("2023-07-01", "2023-12-31")


@pytest.mark.parametrize(
    ("text", "topic", "after"),
    [
        ("and cats?", "cats", "2022-01-01"),
        ("only from 2021", "dogs", "2021-01-01"),
        ("and only from 2021", "dogs", "2021-01-01"),
        ("那猫呢？", "猫", "2022-01-01"),
        ("y gatos?", "gatos", "2022-01-01"),
    ],
)
def test_a_request_goes_on_from_the_one_before(text: str, topic: str, after: str) -> None:
    album = Album(FoundPictures((picture("a.jpg"),), 1, 5))
    history = (Message("user", "show me photos of dogs from 2022"), Message("assistant", "Here."))
    request = SkillRequest(Message("user", text), history, Params(), lambda: False)
    events = list(make(album).run(request))
    assert f"“{topic}”" in said(events)
    assert album.asked[0][1].after == after


def test_one_picture_is_told_as_one() -> None:
    album = Album(FoundPictures((picture("a.jpg"),), 1, 5))
    assert said(ask(make(album), "find pictures of dogs")).startswith(
        "One picture that seems to show “dogs”, of 5 searched:"
    )


def test_a_day_that_can_not_be_is_an_error() -> None:
    with pytest.raises(UsageError, match="No day is after"):
        read_request("photos from 2023", Filters(before="2020-01-01"), TODAY, has_image=False)


def test_a_very_long_text_costs_no_more() -> None:
    assert len(topic_of("photos of " + "a very " * 50)) < 400
    asked = read_request("photos of " + "snow and " * 100_000, NO_FILTERS, TODAY, has_image=False)
    assert len(asked.topic) <= 300


def test_pictures_are_shown_with_day_and_reason() -> None:
    album = Album(FoundPictures((picture("a.jpg"), picture("b.jpg", 0.6, by_file=True)), 2, 5))
    events = ask(make(album), "find pictures of dogs")
    assert [e.path for e in events if isinstance(e, Picture)] == ["/album/a.jpg", "/album/b.jpg"]
    text = said(events)
    assert text.startswith("2 pictures that seem to show “dogs”, of 5 searched:")
    assert "a.jpg · 2023-05-01 · 90%" in text
    assert "b.jpg · 2023-05-01 (date of the file, the camera left none) · 60%" in text


def test_more_than_are_shown_are_counted() -> None:
    album = Album(FoundPictures((picture("a.jpg"),), 12, 50))
    assert "And 11 more" in said(ask(make(album), "find pictures of dogs"))


def test_chinese_is_answered_in_chinese() -> None:
    album = Album(FoundPictures((picture("a.jpg"),), 1, 5))
    assert said(ask(make(album, language="zh"), "找出有狗的照片")).startswith(
        "在搜索的 5 张图片中，有一张看起来有“狗”："
    )


def test_where_nothing_matches_nothing_is_shown() -> None:
    events = ask(make(Album()), "find pictures of dogs")
    assert any(isinstance(event, Abstained) for event in events)
    assert not any(isinstance(event, Picture) for event in events)
    assert said(events) == "None of the 5 pictures searched clearly shows “dogs”."


def test_names_of_files_can_not_pretend_to_be_markdown() -> None:
    album = Album(FoundPictures((picture("[x](http://evil)\x1b[31m.jpg"),), 1, 5))
    text = said(ask(make(album), "find pictures of dogs"))
    assert "[x](http://evil)" not in text
    assert "\x1b" not in text


def test_without_pictures_the_remedy_is_told() -> None:
    skill = make(Album(count=0))
    with pytest.raises(UsageError, match="No pictures are indexed") as error:
        ask(skill, "find pictures of dogs")
    assert error.value.hint == "assistant index add FOLDER"
    message = Message("user", "find pictures of dogs")
    assert skill.obstacle(SkillRequest(message, (), Params(), lambda: False)) is not None


def test_a_place_is_told_only_when_asked(tmp_path: Path) -> None:
    path = save(scene(1), tmp_path / "a.jpg", "2023:05:01 10:00:00", (52, 13))
    album = Album(FoundPictures((FoundPicture(str(path), 0.9, "2023-05-01"),), 1, 5))
    assert "° N" not in said(ask(make(album), "find pictures of dogs"))
    told = said(ask(make(album), "where was this taken?", path))
    assert told == "The camera of a.jpg wrote where it was: 52.00000° N, 13.00000° E."
    bare = save(scene(1), tmp_path / "b.jpg")
    assert "does not say where" in said(ask(make(album), "where was this taken?", bare))


def test_the_place_of_a_picture_that_is_not_there_is_no_missing_place(tmp_path: Path) -> None:
    path = save(scene(1), tmp_path / "a.jpg", "2023:05:01 10:00:00", (52, 13))
    gone, pipe = tmp_path / "gone.jpg", tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    with pytest.raises(DocumentError, match="There is no file"):
        ask(make(Album()), "where was this taken?", gone)
    events = ask(make(Album()), "where were these taken?", gone, pipe, path)
    missing, unread = (event for event in events if isinstance(event, Notice))
    assert missing.text.startswith("There is no file")
    assert "no regular file" in unread.text
    assert said(events) == "The camera of a.jpg wrote where it was: 52.00000° N, 13.00000° E."


def test_of_several_pictures_to_resemble_the_first_is_taken_and_that_is_said(
    tmp_path: Path,
) -> None:
    album = Album(FoundPictures((picture("other.jpg", 0.8),), 2, 5))
    paths = (tmp_path / "own.jpg", tmp_path / "second.jpg")
    events = ask(make(album, labels(tmp_path)), "find similar pictures", *paths)
    assert (
        Notice(
            "Pictures like own.jpg alone were looked for, the first of 2.",
            "Ask with the others one by one.",
        )
        in events
    )


def test_words_in_a_picture_find_it_and_its_labels_do_not() -> None:
    album = Album(FoundPictures((picture("a.jpg"),), 1, 5))
    texts = Texts(
        {"/a.png": "Invoice 4711 of Acme", "/b.png": "Picture: invoice", "/c.png": "Something"}
    )
    ask(make(album, texts=texts), "find pictures with an invoice")
    assert album.asked[0][2] == {"/a.png"}


def test_similar_pictures_leave_out_the_one_asked_with(tmp_path: Path) -> None:
    path = tmp_path / "own.jpg"
    pictures = (FoundPicture(str(path), 1.0, "2023-05-01"), picture("other.jpg", 0.8))
    album = Album(FoundPictures(pictures, 2, 5))
    events = ask(make(album, labels(tmp_path)), "find similar pictures", path)
    assert [e.path for e in events if isinstance(e, Picture)] == ["/album/other.jpg"]
    assert "80% alike" in said(events)


def test_only_the_subject_counts_without_an_encoder_and_that_is_said(tmp_path: Path) -> None:
    album = Album(FoundPictures((picture("a.jpg"),), 1, 5))
    events = ask(make(album, labels(tmp_path)), "find pictures of dogs in the snow")
    assert "“dogs”" in next(event.text for event in events if isinstance(event, Notice))
    clip = EncoderSpace("two", TwoTexts)
    events = ask(make(album, clip), "find pictures of dogs in the snow")
    assert not any(isinstance(event, Notice) for event in events)


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("dogs in the snow", "dogs"),
        ("dogs", "dogs"),
        ("red car", "red car"),
        ("perros en la playa", "perros"),
    ],
)
def test_the_subject_of_a_topic(text: str, main: str) -> None:
    assert subject(text) == main


def test_a_kind_scores_what_its_classes_hold_together(tmp_path: Path) -> None:
    space = labels(tmp_path, Label("tabby", 0.6), Label("Egyptian cat", 0.3), Label("ladle", 0.1))
    rows = space.encode([np.zeros((9, 9, 3), np.uint8)])
    assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-5)
    floor = 0.1 / 3  # what label smoothing spread over the three
    whole = 1 - 3 * floor
    assert space.showing("cats").scores(rows)[0] == pytest.approx((0.9 - 2 * floor) / whole, 1e-4)
    assert space.showing("猫").scores(rows)[0] == space.showing("cats").scores(rows)[0]
    assert space.showing("dogs").scores(rows)[0] == pytest.approx(0, abs=1e-6)


def test_words_that_name_nothing_seen_match_nothing(tmp_path: Path) -> None:
    space = labels(tmp_path)
    query = space.showing("quarterly tax report")
    rows = space.encode([np.zeros((9, 9, 3), np.uint8)])
    assert query.scores(rows)[0] < query.least


def test_a_labeler_that_knows_nothing_makes_a_vector_all_the_same(tmp_path: Path) -> None:
    rows = labels(tmp_path, Label("no such class", 1.0)).encode([np.zeros((9, 9, 3), np.uint8)])
    assert rows.shape == (1, len(wordnet().labels))
    assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-5)


def test_an_encoder_scores_a_text_against_saying_nothing() -> None:
    query = EncoderSpace("two", TwoTexts).showing("dog")
    rows = np.array([[1, 0], [0, 1], [0.8, 0.6]], np.float32)
    logits = 10 * np.array([1, -1, 0.2])
    assert query.scores(rows) == pytest.approx(1 / (1 + np.exp(-logits)), 1e-5)
    assert query.encoder == "clip:two"


def test_an_encoder_with_a_bias_scores_a_text_alone() -> None:
    query = EncoderSpace("two", lambda: TwoTexts(logit_bias=-5.0)).showing("dog")
    rows = np.array([[1, 0], [0, 1]], np.float32)
    assert query.scores(rows) == pytest.approx(1 / (1 + np.exp([-5.0, 5.0])), 1e-5)


def test_vectors_of_another_length_match_nothing(tmp_path: Path) -> None:
    rows = np.ones((2, 7), np.float32)
    for query in (
        labels(tmp_path).showing("dogs"),
        EncoderSpace("two", TwoTexts).showing("dog"),
        EncoderSpace("two", TwoTexts).like(np.zeros((9, 9, 3), np.uint8)),
    ):
        assert query.scores(rows).tolist() == [0, 0]


def test_names_of_classes_are_embedded_once(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    first = ClassNames(tmp_path).cosines("a quokka", embedder)
    calls = embedder.calls
    again = ClassNames(tmp_path).cosines("a quokka", embedder)
    assert embedder.calls == calls + 1  # the text alone
    assert np.array_equal(first, again)
    for kept in tmp_path.glob("*.npy"):
        kept.write_bytes(b"damaged")
    assert np.allclose(ClassNames(tmp_path).cosines("a quokka", embedder), first)


def test_the_label_of_a_picture_is_no_evidence_for_the_router() -> None:
    def confidence(text: str) -> float:
        texts = Texts({"/a.jpg": text})
        return QaSkill(lambda: texts, HashingEmbedder, lambda _: "en", 3).confidence("a throne?")

    assert confidence("Picture: throne") == 0
    assert confidence("The throne is in the hall.") > 0


def test_pictures_stand_beside_an_answer_where_they_match_well(tmp_path: Path) -> None:
    def beside(album: Album, question: str, topic: str = "") -> list[Event]:
        search = PictureSearch(lambda: album, Texts, lambda: labels(tmp_path))
        found = PicturesBeside(search).events(question, topic, None, NO_FILTERS, "en")
        return list(found)

    good = FoundPictures((picture("a.jpg"), picture("b.jpg", 0.5)), 2, 5)
    events = beside(Album(good), "which files mention dogs?", "dogs")
    assert [e.path for e in events if isinstance(e, Picture)] == ["/album/a.jpg"]
    assert beside(Album(good), "when does the contract end?") == []
    assert beside(Album(FoundPictures((picture("b.jpg", 0.5),), 1, 5)), "dogs", "dogs") == []
    assert beside(Album(good, count=0), "dogs", "dogs") == []
