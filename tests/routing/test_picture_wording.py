"""Words about pictures."""

from __future__ import annotations

import pytest

from assistant.routing.picture_wording import KINDS, picture_words


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            "where",
            ("where is the key?", "钥匙在哪", "¿dónde está?", "cadê a chave", "où est le chat ?"),
        ),
        (
            "how many",
            ("how many cups", "有几只狗", "cuántas sillas", "wie viele Autos", "combien de"),
        ),
        (
            "mark",
            ("circle the exit", "把出口框出来", "señala la salida", "markiere alle", "encadre"),
        ),
        (
            "how much",
            ("what percentage is sky", "天空占几成", "que fração", "wie groß ist die Fläche"),
        ),
        ("cut", ("cut it out", "抠出来", "recorta la taza", "freistellen", "détoure la tasse")),
        (
            "write out",
            ("transcribe it", "抄下来", "transcríbelo", "abtippen bitte", "recopie tout"),
        ),
        ("taken", ("when was it taken", "哪年拍的", "quando foi", "von wann ist es", "de quand")),
        ("others", ("more like this", "还有类似的吗", "otras parecidas", "ähnliche", "d'autres")),
        ("looks", ("describe it", "描述一下", "descreve", "beschreibe", "décris")),
    ],
)
def test_a_kind_of_wording_is_known_in_many_languages(kind: str, texts: tuple[str, ...]) -> None:
    assert kind in KINDS
    assert [text for text in texts if kind not in picture_words(text.casefold())] == []


def test_parts_of_words_are_no_words() -> None:
    assert picture_words("nowhere cutlery") == frozenset()
    assert picture_words("") == frozenset()


def test_accents_do_not_matter() -> None:
    assert picture_words("cuantos perros hay") == picture_words("cuántos perros hay")
