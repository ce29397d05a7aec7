"""Hub translators, on tiny Marian and M2M100 models made here (random weights, real classes)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.models.seq2seq_translator import Seq2SeqTranslator

pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
LINES = ["the train leaves at nine", "o trem sai às nove", "a casa é azul", "the house is blue"]


def _sentencepiece(folder: Path) -> list[str]:
    """Train a tiny piece model into the folder; returns its pieces."""
    import sentencepiece

    text = folder / "text.txt"
    text.write_text("\n".join(LINES * 5), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.Train(
        input=str(text),
        model_prefix=str(folder / "source"),
        vocab_size=40,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.model"))
    return [model.id_to_piece(i) for i in range(model.get_piece_size())]


@pytest.fixture(scope="module")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    raw = tmp_path_factory.mktemp("marian-raw")
    pieces = [p for p in _sentencepiece(raw) if p not in {"<s>", "</s>", "<unk>"}]
    vocabulary = ["</s>", "<unk>", *pieces, "<pad>"]
    (raw / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(vocabulary)}))
    spm = str(raw / "source.model")
    tokenizer = MarianTokenizer(spm, spm, str(raw / "vocab.json"))
    config = MarianConfig(
        vocab_size=len(vocabulary),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        pad_token_id=len(vocabulary) - 1,
        eos_token_id=0,
        decoder_start_token_id=len(vocabulary) - 1,
        forced_eos_token_id=0,
    )
    folder = tmp_path_factory.mktemp("marian")
    tokenizer.save_pretrained(folder)
    MarianMTModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def m2m100(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    raw = tmp_path_factory.mktemp("m2m-raw")
    pieces = [p for p in _sentencepiece(raw) if p not in {"<s>", "</s>", "<unk>"}]
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *pieces]
    (raw / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(vocabulary)}))
    tokenizer = M2M100Tokenizer(
        str(raw / "vocab.json"), str(raw / "source.model"), src_lang="en", tgt_lang="pt"
    )
    config = M2M100Config(
        vocab_size=tokenizer.get_lang_id("zu") + 1 + 8,  # as the real ones: eight made-up words
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
    )
    folder = tmp_path_factory.mktemp("m2m")
    tokenizer.save_pretrained(folder)
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    return folder


def translator(folder: Path, *pairs: tuple[str, str]) -> Seq2SeqTranslator:
    return Seq2SeqTranslator(folder, name="tiny", pairs=pairs, device="cpu")


def test_a_pair_model_gives_the_same_text_for_the_same_sentence(marian: Path) -> None:
    tiny = translator(marian, ("en", "pt"))
    first, empty, second = tiny.translate(["the house", "", "the house"], "en", "pt")
    assert first == second != ""
    assert empty == ""


def test_translations_come_in_the_order_of_the_sentences(
    marian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = translator(marian, ("en", "pt"))
    monkeypatch.setattr(tiny, "_batch", lambda texts, *_: [text.upper() for text in texts])
    sentences = ["a long sentence", "b", "", "a sentence"] * 5
    assert tiny.translate(sentences, "en", "pt") == [text.upper() for text in sentences]


def test_a_pair_model_serves_its_pair_only(marian: Path) -> None:
    tiny = translator(marian, ("en", "pt"))
    assert tiny.pairs == {("en", "pt")}
    with pytest.raises(ModelError, match="from pt to en"):
        tiny.translate(["casa"], "pt", "en")


def test_a_many_to_many_model_begins_with_the_target_language(m2m100: Path) -> None:
    tiny = translator(m2m100, ("en", "zh"))
    tokenizer, model = tiny._load()
    seen: list[int] = []
    generate = model.generate

    def watch(**options: object) -> object:
        seen.append(options["forced_bos_token_id"])  # type: ignore[arg-type]
        return generate(**options)

    model.generate = watch
    tiny.translate(["the house"], "en", "zh")
    assert seen == [tokenizer.get_lang_id("zh")]


def test_no_sentences_load_nothing(tmp_path: Path) -> None:
    assert translator(tmp_path, ("en", "pt")).translate([], "en", "pt") == []


def test_broken_files_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="assistant models pull tiny"):
        translator(tmp_path, ("en", "pt")).translate(["x"], "en", "pt")
