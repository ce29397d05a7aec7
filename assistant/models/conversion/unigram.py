"""Builds the tokenizer of multilingual-e5-small (that of XLM-RoBERTa) from its vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.models.conversion.e5_file import Pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def build_tokenizer(pieces: Pieces) -> Tokenizer:
    """A Unigram tokenizer that wraps texts as `<s> text </s>`; nothing is cut or padded.

    SentencePiece's `nmt_nfkc` is Nmt then NFKC; it also joins runs of white space and drops
    the outer ones. No piece holds an inner `▁`, so splitting at spaces first changes nothing
    but the speed.
    """
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import Unigram
    from tokenizers.processors import TemplateProcessing

    vocabulary = list(zip(pieces.texts, pieces.scores, strict=True))
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=pieces.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{begin} $A {end}",
        special_tokens=[(begin, pieces.begin), (end, pieces.end)],
    )
    return tokenizer
