"""What a request for a translation asks: the text, the language it is in, the one wanted."""

from __future__ import annotations

import pytest

from assistant.core.skills import Params
from assistant.routing.translation_request import read_translation

REQUESTS: list[tuple[str, str | None, str | None, str | None]] = [
    ("translate into Portuguese: the train leaves at nine", "the train leaves at nine", None, "pt"),
    ("how do you say good morning in spanish", "good morning", None, "es"),
    ("翻译成葡萄牙语：火车九点开", "火车九点开", None, "pt"),
    ("把“你好”翻译成英文", "你好", None, "en"),
    ("in Portuguese, please: see you at 9:30", "see you at 9:30", None, "pt"),
    ("translate good luck from english to greek", "good luck", "en", "el"),
    ("what's the french word for strawberry", "strawberry", None, "fr"),
    ("how do you say i am german in french", "i am german", None, "fr"),
    ("translate the french revolution into german", "the french revolution", None, "de"),
    ('what does "je ne sais quoi" mean in english', "je ne sais quoi", None, "en"),
    ("what does obrigado mean", "obrigado", None, None),
    ("翻译一下：good morning, how are you", "good morning, how are you", None, None),
    ("你好用日语怎么说", "你好", None, "ja"),
    ("西班牙语里“再见”怎么说", "再见", None, "es"),
    ("葡萄牙语的早上好怎么讲", "早上好", None, "pt"),
    ("苹果用俄语怎么说", "苹果", None, "ru"),
    ("雨伞的西班牙文是什么", "雨伞", None, "es"),
    ("英译中：Practice makes perfect", "Practice makes perfect", "en", "zh"),
    ("由英语翻译成德语：The door is open", "The door is open", "en", "de"),
    ("帮我翻译一下这封邮件", None, None, None),
    ("用英语说“我迷路了”", "我迷路了", None, "en"),
    ("用意大利语说生日快乐", "生日快乐", None, "it"),
    ("法语呢", None, None, "fr"),
    ("那用西班牙语呢", None, None, "es"),
    ("把上一条回答翻译成英语", None, None, "en"),
    ("把火车九点开翻译成葡萄牙语", "火车九点开", None, "pt"),
    ("将“hello world”译为中文", "hello world", None, "zh"),
    ("怎么用法语说谢谢", "谢谢", None, "fr"),
    ("日本人怎么说不好意思", "不好意思", None, "ja"),
    ("traduce al portugués: el tren sale a las nueve", "el tren sale a las nueve", None, "pt"),
    ("¿cómo se dice mariposa en portugués?", "mariposa", None, "pt"),
    ("¿puedes traducir ventana al italiano?", "ventana", None, "it"),
    ("como se dice gracias en aleman", "gracias", None, "de"),
    ("del español al inglés: hace buen tiempo", "hace buen tiempo", "es", "en"),
    ("¿cuál es la palabra francesa para fresa?", "fresa", None, "fr"),
    ('¿qué significa "break a leg" en español?', "break a leg", None, "es"),
    ("traduce tu respuesta al chino", None, None, "zh"),
    ("traduza para o inglês: o trem sai às nove", "o trem sai às nove", None, "en"),
    ("como se diz borboleta em inglês?", "borboleta", None, "en"),
    ("você pode traduzir janela para o italiano?", "janela", None, "it"),
    ("traduza o gato está na mesa para o inglês", "o gato está na mesa", None, "en"),
    ("do português para o inglês: o tempo está bom", "o tempo está bom", "pt", "en"),
    ("e em inglês?", None, None, "en"),
    (
        "übersetze ins Portugiesische: der Zug fährt um neun ab",
        "der Zug fährt um neun ab",
        None,
        "pt",
    ),
    ("wie sagt man Schmetterling auf Portugiesisch?", "Schmetterling", None, "pt"),
    ("kannst du Fenster auf Italienisch übersetzen?", "Fenster", None, "it"),
    ("was heißt ich liebe dich auf Koreanisch?", "ich liebe dich", None, "ko"),
    ("vom Deutschen ins Englische: das Wetter ist schön", "das Wetter ist schön", "de", "en"),
    ("was ist das spanische Wort für Erdbeere?", "Erdbeere", None, "es"),
    ("und auf Französisch?", None, None, "fr"),
    (
        "traduis en portugais : le train part à neuf heures",
        "le train part à neuf heures",
        None,
        "pt",
    ),
    ("comment dit-on papillon en portugais ?", "papillon", None, "pt"),
    ("peux-tu traduire fenêtre en italien ?", "fenêtre", None, "it"),
    ("dis « bonsoir » en portugais", "bonsoir", None, "pt"),
    ("de l'anglais au français : see you soon", "see you soon", "en", "fr"),
    ("quel est le mot espagnol pour fraise ?", "fraise", None, "es"),
    ("et en anglais ?", None, None, "en"),
    (
        "translate to German:\nThe cat sat.\n\n- one\n- two",
        "The cat sat.\n\n- one\n- two",
        None,
        "de",
    ),
    (
        "O gato dorme.\nAmanhã chove.\n\ntranslate this into english",
        "O gato dorme.\nAmanhã chove.",
        None,
        "en",
    ),
    (
        "please translate the following paragraph to english: Ele disse: sim.",
        "Ele disse: sim.",
        None,
        "en",
    ),
    ("to 🇧🇷: see you at the airport", "see you at the airport", None, "pt"),
    ("translate good night to 🇯🇵", "good night", None, "ja"),
    ("translate", None, None, None),
    ("translate this", None, None, None),
    ("translate to pt: hello", "hello", None, "pt"),
    ("translate it back to english", None, None, "en"),
    ('say "good evening" in portuguese', "good evening", None, "pt"),
    ('put "the shop is closed" into spanish', "the shop is closed", None, "es"),
    (
        "write this in portuguese: the package arrives on monday",
        "the package arrives on monday",
        None,
        "pt",
    ),
    ("english to portuguese, good night my friend", "good night my friend", "en", "pt"),
    ('Translate "Bom dia" from Portuguese to English.', "Bom dia", "pt", "en"),
    ("i love you in korean", "i love you", None, "ko"),
    ("translate my last message into english", None, None, "en"),
    ("The report is done, translate that into Portuguese: It's over.", "It's over.", None, "pt"),
    ("how do you say thanks?", "thanks", None, None),
    ("translate \"it's ten o'clock\" to portuguese", "it's ten o'clock", None, "pt"),
    ("translate cheers to italian", "cheers", None, "it"),
    ("translate for me goodbye into dutch", "goodbye", None, "nl"),
    ("can you translate hi into greek for me", "hi", None, "el"),
    ("how would i say nice to see you if i were korean", "nice to see you", None, "ko"),
    ("translate cheers english to italian", "cheers", "en", "it"),
    ("translate english to italian cheers", "cheers", "en", "it"),
    ("how do poles say goodnight", "goodnight", None, "pl"),
    ("how do they say cheers in spain", "cheers", None, "es"),
    ("in scotland how do they say friend", "friend", None, "en"),
    ("if i were spanish how would i say underground", "underground", None, "es"),
    ("what is italian for good morning", "good morning", None, "it"),
    ("what german word means freedom", "freedom", None, "de"),
    ("what is the word for cheers italian", "cheers", None, "it"),
    ("what is the equivalent of, 'never mind' in polish", "never mind", None, "pl"),
    (
        "can you tell me how to say 'i do not speak much german', in german",
        "i do not speak much german",
        None,
        "de",
    ),
    (
        "i need you to translate the sentence, 'we are nearly there' into portuguese",
        "we are nearly there",
        None,
        "pt",
    ),
    ("could you translate this into korean for me, please", None, None, "ko"),
    ("would you translate a paragraph into russian for me, please", None, None, "ru"),
    ("i want to learn a phrase in polish", None, None, "pl"),
    ("what is thank you in polish", "thank you", None, "pl"),
    ("how is cheers said in italian", "cheers", None, "it"),
    ("tell me how the italians say notebook", "notebook", None, "it"),
    ("what do italian people say for the word horse", "horse", None, "it"),
    ("what do you call an apartment if you were english", "an apartment", None, "en"),
    ("what's local slang for friend in hawaii", "friend", None, "haw"),
    ("please tell me how to ask for a room in italian", "ask for a room", None, "it"),
    ("what words would i use to tell someone i am cold if i were finnish", "i am cold", None, "fi"),
    ("how do i say thank you in polish please", "thank you", None, "pl"),
    ("how do you say please in polish", "please", None, "pl"),
    ("como se dice por favor en inglés", "por favor", None, "en"),
    ("comment dire s'il te plaît en allemand", "s'il te plaît", None, "de"),
    ("谢谢用英语怎么说，谢谢", "谢谢", None, "en"),
    ("translate please", None, None, None),
    ("traduce esto por favor", None, None, None),
    (
        "I'd like this in Portuguese: Don't forget: the store closes at 8:30.",
        "Don't forget: the store closes at 8:30.",
        None,
        "pt",
    ),
    ("translate I live in France to Portuguese", "I live in France", None, "pt"),
    ("Translate to Portuguese (Brazil): See you.", "See you.", None, "pt"),
    ("traduza para o inglês o gato subiu na árvore", "o gato subiu na árvore", None, "en"),
    ("翻译 the cat sleeps 成葡萄牙语", "the cat sleeps", None, "pt"),
]
"""Message; then payload, source and target read from it."""


@pytest.mark.parametrize(("message", "payload", "source", "target"), REQUESTS)
def test_a_request_is_taken_apart(
    message: str, payload: str | None, source: str | None, target: str | None
) -> None:
    assert read_translation(message) == Params(payload, source, target)


@pytest.mark.parametrize(
    "text",
    [
        "What is the time?",
        "in France people eat well",
        "To German ears, it sounds odd.",
        "Translated into French, it sold well.",
        "How do you say goodbye? she asked in Spanish.",
        "你好，怎么说呢",
        "to be: that is the question",
        "First line\n\nSecond line: with a colon",
    ],
)
def test_chosen_otherwise_the_message_is_the_text_itself(text: str) -> None:
    assert read_translation(text, explicit=True) == Params(text)


@pytest.mark.parametrize(
    ("message", "payload", "target"),
    [
        ("into Portuguese: hello", "hello", "pt"),
        ("to French good morning", "good morning", "fr"),
        ("pt: hello", "hello", "pt"),
        ("translate to German: hi", "hi", "de"),
        ("翻译成英文：你好", "你好", "en"),
        ("Hello world\ntranslate to portuguese", "Hello world", "pt"),
        ("translate this", None, None),
        ("", None, None),
    ],
)
def test_chosen_otherwise_a_plain_order_is_still_an_order(
    message: str, payload: str | None, target: str | None
) -> None:
    assert read_translation(message, explicit=True) == Params(payload, None, target)
