"""Text from tokens one by one, and the marks and spaces that depend on their neighbours."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.models.stop_texts import StopTexts
from assistant.models.token_text import MOST_HELD, TokenText

TEXT = "Ação, 数到三。 👩‍🚀👍🏽 naïve — Ünïcode\n\n  two  spaces"


def of_bytes(tokens: list[int]) -> str:
    """A vocabulary of single bytes."""
    return bytes(tokens).decode("utf-8", "replace")


def streamed(text: TokenText, tokens: list[int]) -> list[str]:
    return [*(text.add(token) for token in tokens), text.rest()]


def with_spaces_before_words() -> Any:
    """A SentencePiece-like tokenizer with bytes for what it doesn't know, as Llama 2 has."""
    from tokenizers import Tokenizer, decoders, models, normalizers

    pieces = [
        "<unk>",
        *(f"<0x{byte:02X}>" for byte in range(256)),
        "▁one",
        "▁two",
        "thr",
        "ee",
        "▁",
    ]
    tokenizer = Tokenizer(
        models.BPE({p: i for i, p in enumerate(pieces)}, [], byte_fallback=True, unk_token="<unk>")
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    steps = [
        decoders.Replace("▁", " "),
        decoders.ByteFallback(),
        decoders.Fuse(),
        decoders.Strip(" ", 1, 0),
    ]
    tokenizer.decoder = decoders.Sequence(steps)
    return tokenizer


def test_characters_of_several_tokens_come_when_they_are_whole() -> None:
    pieces = streamed(TokenText(of_bytes), list(TEXT.encode()))
    assert "".join(pieces) == TEXT
    assert not any("\ufffd" in piece for piece in pieces)


def test_spaces_a_decoder_takes_from_the_beginning_are_kept_behind_other_words() -> None:
    tokenizer = with_spaces_before_words()
    known = {piece: tokenizer.token_to_id(piece) for piece in ("▁one", "▁two", "thr", "ee", "▁")}
    tokens = [known["▁one"], known["▁two"], known["▁"], known["thr"], known["ee"]]
    tokens += [tokenizer.token_to_id(f"<0x{byte:02X}>") for byte in "é👍".encode()]
    pieces = streamed(TokenText(tokenizer.decode), tokens)
    assert "".join(pieces) == tokenizer.decode(tokens) == "one two threeé👍"
    assert pieces[:2] == ["one", " two"]


def test_bytes_that_are_no_text_are_shown_as_such_and_not_waited_for_for_ever() -> None:
    text = TokenText(of_bytes)
    pieces = [text.add(0xFF) for _ in range(5 * MOST_HELD)]
    assert "".join(pieces) == "\ufffd" * 5 * MOST_HELD
    assert text.add(ord("a")) == "a"


def test_a_character_cut_off_at_the_end_is_shown_as_broken() -> None:
    assert "".join(streamed(TokenText(of_bytes), list("a👍".encode()[:-1]))) == "a\ufffd"


def test_each_token_is_decoded_with_few_others_however_long_the_text() -> None:
    lengths: list[int] = []

    def decode(tokens: list[int]) -> str:
        lengths.append(len(tokens))
        return of_bytes(tokens)

    streamed(TokenText(decode), list(b"a line without an end " * 200))
    assert max(lengths) <= 2


@pytest.mark.parametrize(
    ("stop", "shown"),
    [("👍", "Fine 👩‍🚀"), ("🏽", "Fine 👩‍🚀👍"), ("\u200d", "Fine 👩"), ("done", "Fine 👩‍🚀👍🏽 ")],
)
def test_a_stop_text_is_found_between_and_within_characters_of_several_tokens(
    stop: str, shown: str
) -> None:
    text, stops = TokenText(of_bytes), StopTexts([stop])
    said = ""
    for piece in streamed(text, list("Fine 👩‍🚀👍🏽 done, really".encode())):
        said += stops.feed(piece)
    assert stops.found
    assert said + stops.rest() == shown
