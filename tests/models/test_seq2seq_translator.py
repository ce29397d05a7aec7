"""Hub translators, on tiny Marian and M2M100 models made here (random weights, real classes)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.core.errors import ModelError
from assistant.models.devices import Device
from assistant.models.language_tags import LanguageTags
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


@pytest.fixture(scope="module")
def nllb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    letters = sorted({c for line in LINES for c in line.replace(" ", "▁")})
    vocabulary = {p: i for i, p in enumerate(["<s>", "<pad>", "</s>", "<unk>", *letters])}
    tokenizer = NllbTokenizer(vocab=vocabulary, merges=[])
    config = M2M100Config(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
    )
    folder = tmp_path_factory.mktemp("nllb")
    tokenizer.save_pretrained(folder)
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    return folder


def only_cpu(free: int = 4 << 30) -> Callable[[], tuple[Device, ...]]:
    return lambda: (Device("cpu", "cpu", "a CPU", 8 << 30, free, 2),)


def translator(folder: Path, *pairs: tuple[str, str], beams: int = 0) -> Seq2SeqTranslator:
    return Seq2SeqTranslator(folder, name="tiny", pairs=pairs, beams=beams, devices=only_cpu())


def watch_generate(tiny: Seq2SeqTranslator) -> list[dict[str, Any]]:
    """Options of each call of `generate` from now on."""
    seen: list[dict[str, Any]] = []
    model = tiny._load().model
    generate = model.generate

    def watching(**options: Any) -> object:
        seen.append(options)
        return generate(**options)

    model.generate = watching
    return seen


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
    seen = watch_generate(tiny)
    tiny.translate(["the house"], "en", "zh")
    wanted = tiny._load().tokenizer.get_lang_id("zh")
    assert [options["forced_bos_token_id"] for options in seen] == [wanted]


@pytest.mark.parametrize(
    ("source", "target", "source_tag", "target_tag"),
    [
        ("en", "pt", "eng_Latn", "por_Latn"),
        ("zh", "ar", "zho_Hans", "arb_Arab"),
        ("sr", "fa", "srp_Cyrl", "pes_Arab"),
        ("ja", "no", "jpn_Jpan", "nob_Latn"),
        ("sw", "lv", "swh_Latn", "lvs_Latn"),
    ],
)
def test_nllb_is_told_its_languages_by_their_flores_codes(
    nllb: Path, source: str, target: str, source_tag: str, target_tag: str
) -> None:
    tiny = translator(nllb, (source, target))
    seen = watch_generate(tiny)
    tiny.translate(["the house"], source, target)
    tokenizer = tiny._load().tokenizer
    assert tokenizer.src_lang == source_tag
    assert int(seen[0]["input_ids"][0, 0]) == tokenizer.convert_tokens_to_ids(source_tag)
    assert seen[0]["forced_bos_token_id"] == tokenizer.convert_tokens_to_ids(target_tag)


def test_every_iso_language_of_the_catalogue_has_a_flores_code(nllb: Path) -> None:
    tags = translator(nllb, ("en", "pt"))._load().tags
    for code in [
        "af",
        "am",
        "ar",
        "az",
        "be",
        "bg",
        "bn",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fa",
        "fi",
        "fr",
        "ga",
        "gl",
        "gu",
        "he",
        "hi",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ja",
        "ka",
        "kk",
        "km",
        "kn",
        "ko",
        "lo",
        "lt",
        "lv",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "my",
        "ne",
        "nl",
        "no",
        "or",
        "pa",
        "pl",
        "ps",
        "pt",
        "ro",
        "ru",
        "si",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "tl",
        "tr",
        "uk",
        "ur",
        "uz",
        "vi",
        "xh",
        "yi",
        "yo",
        "zh",
        "zu",
    ]:
        assert tags.direction("en", code).first_token is not None


def test_a_language_a_model_lacks_is_an_error(nllb: Path, m2m100: Path) -> None:
    for folder in (nllb, m2m100):
        with pytest.raises(ModelError, match="tlh"):
            translator(folder, ("en", "tlh")).translate(["house"], "en", "tlh")


def test_a_marian_model_of_several_targets_is_told_by_a_prefix() -> None:
    tokenizer = SimpleNamespace(supported_language_codes=[">>por<<", ">>zho_Hans<<", ">>es<<"])
    tags = LanguageTags(tokenizer)
    assert [tags.direction("en", code).prefix for code in ("pt", "zh", "es")] == [
        ">>por<< ", ">>zho_Hans<< ", ">>es<< ",
    ]  # fmt: skip
    with pytest.raises(ModelError, match="ru"):
        tags.direction("en", "ru")


def test_the_number_of_beams_is_the_settings_or_the_models_own(marian: Path) -> None:
    chosen, own = translator(marian, ("en", "pt"), beams=3), translator(marian, ("en", "pt"))
    for tiny, beams in ((chosen, 3), (own, None)):
        seen = watch_generate(tiny)
        tiny.translate(["the house"], "en", "pt")
        assert seen[0].get("num_beams") == beams


def test_a_model_that_fits_no_device_is_an_error_not_a_crash(marian: Path) -> None:
    crowded = Seq2SeqTranslator(
        marian, name="tiny", pairs=[("en", "pt")], devices=only_cpu(free=1 << 20)
    )
    with pytest.raises(ModelError, match="does not fit"):
        crowded.translate(["the house"], "en", "pt")


def test_no_sentences_load_nothing(tmp_path: Path) -> None:
    assert translator(tmp_path, ("en", "pt")).translate([], "en", "pt") == []


def test_broken_files_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="assistant models pull tiny"):
        translator(tmp_path, ("en", "pt")).translate(["x"], "en", "pt")
