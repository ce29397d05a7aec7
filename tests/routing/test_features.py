"""What is seen in a message without a model."""

from __future__ import annotations

import pytest

from assistant.core.messages import ImageAttachment, Message, TextAttachment
from assistant.routing import wording
from assistant.routing.features import Features, read_features


def features(text: str) -> Features:
    return read_features(Message("user", text))


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/translate hello", "translate", "hello"),
        ("  /qa\nwho signed?", "qa", "who signed?"),
        ("/translate", "translate", ""),
        ("/home/me/cat.jpg what is it", None, "/home/me/cat.jpg what is it"),
        ("and/or", None, "and/or"),
        ("/ hello", None, "/ hello"),
    ],
)
def test_a_leading_slash_and_word_are_a_command(text: str, command: str | None, rest: str) -> None:
    seen = features(text)
    assert (seen.command, seen.text) == (command, rest)


@pytest.mark.parametrize(
    "text",
    [
        "translate this",
        "请翻译一下",
        "tradúceme esto",
        "traduza isto",
        "übersetze das",
        "traduis ça",
    ],
)
def test_the_verb_to_translate_is_known_in_six_languages(text: str) -> None:
    assert features(text).translate_word


@pytest.mark.parametrize(
    "text",
    [
        "what does the contract say?",
        "合同里怎么说的？",
        "¿qué dice el contrato?",
        "o que diz o contrato?",
        "was steht im Vertrag?",
        "que dit le contrat ?",
    ],
)
def test_questions_about_documents_are_seen_in_six_languages(text: str) -> None:
    seen = features(text)
    assert seen.question
    assert seen.document_word


def test_a_joke_shows_none_of_these() -> None:
    seen = features("tell me a joke")
    assert seen.mentions == ()
    assert not any((seen.translate_word, seen.document_word, seen.question))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("goodbye in icelandic", True),
        ("再见用法语", True),
        ("learn icelandic", False),
        ("french food", False),
    ],
)
def test_a_language_at_the_end_is_noticed(text: str, last: bool) -> None:
    assert features(text).language_last is last


def test_attachments_are_counted_by_kind() -> None:
    message = Message("user", "look", (ImageAttachment("a.png"), TextAttachment("stdin", "text")))
    seen = read_features(message)
    assert (seen.images, seen.files, seen.pasted) == (1, 0, 1)


def test_cues_have_one_length_whatever_the_message() -> None:
    lengths = {len(features(text).cues()) for text in ("", "hello", "translate to French: x" * 500)}
    assert len(lengths) == 1


def test_an_instruction_after_long_text_is_still_seen() -> None:
    assert features("word " * 5000 + "\ntranslate this into french").translate_word


@pytest.mark.parametrize(
    "text",
    [
        "the gist of it please",
        "给个大意",
        "lo esencial, por favor",
        "o essencial, por favor",
        "fass das zusammen",
        "l'essentiel s'il te plaît",
    ],
)
def test_wanting_a_text_shorter_is_seen_in_six_languages(text: str) -> None:
    assert features(text).shortens


@pytest.mark.parametrize(
    "text",
    [
        "is it praise, blame or neither: fine by me",
        "表扬还是批评",
        "¿elogio o queja?",
        "elogio ou queixa?",
        "Lob oder Tadel?",
        "éloge ou plainte ?",
    ],
)
def test_a_choice_of_labels_is_seen_in_six_languages(text: str) -> None:
    assert features(text).choice


@pytest.mark.parametrize(
    "text",
    [
        "put the minutes into polish",
        "把纪要翻成波兰语",
        "pasa el acta al polaco",
        "passe a ata para o polonês",
        "bring das ins Polnische",
        "mets-le en polonais",
    ],
)
def test_a_language_something_is_turned_into_is_seen(text: str) -> None:
    assert features(text).towards


def test_words_of_the_text_are_no_words_of_the_request() -> None:
    seen = features('translate "summarise the attached report" into dutch')
    assert (seen.shortens, seen.material, seen.payload) == (False, False, True)


def test_an_appendix_is_a_part_of_a_document_and_no_attachment() -> None:
    assert not features("was steht in Anhang B?").material
    assert features("was steht im Anhang?").material


@pytest.mark.parametrize("text", ["a-", "a ", "a'b ", "or ", "a, b or ", "是、", "a/", "x: y, "])
def test_hostile_text_is_looked_at_quickly(text: str) -> None:
    assert not features(text * 5_000).translate_word


@pytest.mark.parametrize(
    "text", ["che c'è nell'immagine?", "この写真は何", "사진 설명", "что на фото"]
)
def test_the_word_for_a_picture_is_known_in_more_languages(text: str) -> None:
    assert features(text).picture_word


@pytest.mark.parametrize(
    "text",
    [
        "such in meinen Bildern",
        "meine Strandbilder",
        "Nachtaufnahmen",
        "Schnappschüsse vom Fest",
        "was zeigt die Abbildung?",
        "mis capturas de pantalla",
        "retratos do vovô",
        "mes clichés du port",
        "portraits de papi",
        "小时候的全家福",
        "毕业照调出来",
    ],
)
def test_plurals_and_compounds_are_words_for_pictures(text: str) -> None:
    assert features(text).picture_word


@pytest.mark.parametrize(
    "text", ["Vorbilder für Kinder", "Bildung", "siehe Abbildung 3", "按照规定"]
)
def test_words_that_only_look_like_pictures_are_none(text: str) -> None:
    assert not features(text).picture_word


@pytest.mark.parametrize(
    "text",
    [
        "do i have this one twice",
        "¿la tengo repetida?",
        "já tenho ela no álbum?",
        "von wann ist das",
        "elle date de quelle année ?",
        "这张是哪年的",
    ],
)
def test_asking_for_others_or_the_date_of_an_image_is_heard(text: str) -> None:
    assert wording.SEEKS_OTHERS.search(text)
