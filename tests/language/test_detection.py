"""Which language a text is in."""

from __future__ import annotations

import pytest

from assistant.language.detection import UNKNOWN, detect, known_languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The train leaves at nine.", "en"),
        ("O trem sai às nove horas.", "pt"),
        ("El tren sale a las nueve.", "es"),
        ("Le train part à neuf heures.", "fr"),
        ("Der Zug fährt um neun Uhr ab.", "de"),
        ("Il treno parte alle nove di mattina.", "it"),
        ("De trein vertrekt om negen uur.", "nl"),
        ("Dzień dobry, jak się masz?", "pl"),
        ("火车九点开。", "zh"),
        ("用 Python 写一个函数", "zh"),
        ("今日はとても天気がいいですね", "ja"),
        ("안녕하세요", "ko"),
        ("Поезд отправляется в девять часов", "ru"),
        ("Привіт, як справи?", "uk"),
        ("Καλημέρα", "el"),
        ("สวัสดีครับ", "th"),
        ("مرحبا بالعالم", "ar"),
        ("नमस्ते", "hi"),
        ("שלום", "he"),
    ],
)
def test_sentences_are_told_apart(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", "en"),
        ("thank you", "en"),
        ("obrigado", "pt"),
        ("o que é isto?", "pt"),
        ("hola", "es"),
        ("bonjour", "fr"),
        ("danke", "de"),
        ("¿dónde está?", "es"),
    ],
)
def test_a_word_or_two_are_enough_for_common_ones(text: str, language: str) -> None:
    assert detect(text) == language


def test_expected_languages_decide_what_letters_leave_open() -> None:
    assert detect("banana", ("pt", "zh")) == "pt"
    assert detect("banana", ("en", "zh")) == "en"


def test_an_expected_language_does_not_overrule_plain_evidence() -> None:
    assert detect("Der Zug fährt heute leider erst um neun Uhr ab.", ("en", "pt")) == "de"
    assert detect("你好", ("en", "pt")) == "zh"


@pytest.mark.parametrize("text", ["", "  \n", "12345", "!?…", "😀👍"])
def test_without_letters_the_language_is_unknown(text: str) -> None:
    assert detect(text) == UNKNOWN


def test_a_chinese_text_that_quotes_a_japanese_word_stays_chinese() -> None:
    assert detect("日语里的「の」是一个很常用的助词，用法类似中文的“的”字。") == "zh"


def test_capitals_and_hostile_characters_do_not_matter() -> None:
    assert detect("THE TRAIN LEAVES AT NINE") == "en"
    assert detect("\x00\x1b[31mThe train leaves at nine\ud800") == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Non se puido gardar o ficheiro porque o disco está cheo", "gl"),
        ("No s'ha pogut desar el fitxer perquè el disc és ple", "ca"),
        ("Vennligst skriv inn en gyldig adresse for nettstedet", "no"),
        ("Mae'n rhaid i chi ddewis cyfrinair newydd cyn parhau", "cy"),
        ("Ang sumusunod na salita ay hindi maaaring gamitin dito", "tl"),
        ("Раҳмат, ман фардо ба шаҳр меравам ва шуморо мебинам", "tg"),
        ("Рәхмәт, мин иртәгә шәһәргә барам һәм сезне күрәм", "tt"),
        ("Lütfen devam etmeden önce yeni bir parola seçin", "tr"),
        ("Tafadhali chagua nenosiri jipya kabla ya kuendelea", "sw"),
    ],
)
def test_a_sentence_in_a_rarer_language_is_not_taken_for_an_expected_one(
    text: str, language: str
) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The word 你好 means hello in Chinese and is said all day.", "en"),
        ("我觉得这个 API 的 design 很好，但是 performance 还要改进。", "zh"),
        ("O comando git push --force não deve ser usado na branch main.", "pt"),
    ],
)
def test_mixed_text_is_in_the_language_most_of_it_is_in(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Fáa skuldu øll menniskju frælsi og somu rættindi, tí at eg ikki veit hvat tað er", "fo"),
        (
            "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae",
            "la",
        ),
        ("Il-bnedmin kollha jitwieldu ħielsa u ugwali fid-dinjità u d-drittijiet tagħhom", "mt"),
        (
            "Teraka afaka sy mitovy zo ny olombelona rehetra, ary tsy maintsy mifanampy",
            "mg",
        ),
        ("Bonke abantu bazalwa bekhululekile futhi belingana ngesithunzi nangamalungelo abo", "zu"),
        ("Tout moun fèt lib, yo tout gen menm dwa, epi yo pa dwe viv nan lanmizè ankò", "ht"),
        ("Kabeh wong kalairake kanthi mardika lan darbe martabat sing padha, ora ana bedane", "jv"),
        ("Hemû mirov azad û di weqar û mafan de wekhev tên dinyayê, û divê ew bi hev re bin", "ku"),
        (
            "Adimi jentlek ýaşamak üçin ýerde hemme zat bar, ýöne ol nämäni isleýär",
            "tk",
        ),
        ("Barcha odamlar erkin, qadr-qimmat va huquqlarda teng bo'lib tug'iladilar", "uz"),
        ("ټول انسانان آزاد زېږېدلي دي او د حقونو له مخې سره برابر دي", "ps"),
        ("සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත", "si"),
        ("ມະນຸດທຸກຄົນເກີດມາມີກຽດສັກສີ", "lo"),
        ("ሰዎች ሁሉ ነጻና እኩል ሆነው ተወልደዋል", "am"),
        ("ھەممە ئادەم زاتىدىنلا ئەركىن، ئىززەت-ھۆرمەت ۋە ھوقۇقتا باپباراۋەر بولۇپ تۇغۇلغان", "ug"),
        ("પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર છે", "gu"),
        ("ସବୁ ମନୁଷ୍ୟ ଜନ୍ମରୁ ସ୍ୱାଧୀନ", "or"),
        ("אַלע מענטשן ווערן געבוירן פֿרײַ און גלײַך, און דאָס איז נישט קיין סוד", "yi"),
        ("সকলো মানুহ স্বাধীনভাৱে জন্মগ্ৰহণ কৰে আৰু মৰ্যাদাৰে জীয়াই থাকে", "as"),
        ("সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা নিয়ে জন্মগ্রহণ করে", "bn"),
        ("ئەم کتێبە زۆر باشە و هەموو کەس دەتوانێت لە ماڵەوە بیخوێنێتەوە", "ckb"),
        ("Ӕппӕт адӕмтӕ дӕр райгуырынц сӕрибарӕй ӕмӕ ӕмхуызонӕй", "os"),
        ("Omna homi naskas libera ed egala, e li esas dotita per raciono ed koncienco", "io"),
        (
            "Tote le esseres human nasce libere e equal in dignitate e in derectos",
            "ia",
        ),
        ("Tolos seres humanos nacen llibres ya iguales en dignidá y derechos, nun ye asina", "ast"),
        ("Wšitcy čłowjekojo su wot naroda swobodni a su jenacy po dostojnosći a prawach", "hsb"),
        (
            "Sva ljudska bića rađaju se jednaka, ali gdje je prije tjedan dana bio vlak",
            "hr",
        ),
        ("Сва људска бића рађају се слободна и једнака у достојанству и правима", "sr"),
        (
            "Semua orang dilahirkan merdeka, karena itu mereka bisa bekerja di kantor",
            "id",
        ),
        ("Semua manusia dilahirkan bebas, kerana itu mereka boleh bekerja di pejabat sahaja", "ms"),
        ("सर्व मानवी व्यक्ती जन्मतःच स्वतंत्र आहेत आणि त्यांना समान अधिकार आहेत", "mr"),
        ("सबै व्यक्तिहरू जन्मजात स्वतन्त्र हुन् र तिनीहरूको समान अधिकार छ", "ne"),
        ("Alle mennesker er født frie, og de skal ikke gøre noget, som de ikke ved hvad er", "da"),
        ("Všetci ľudia sa rodia slobodní, ale ktorí z nich sú už doma, to nie je isté", "sk"),
        ("Alle mense word vry gebore, maar hulle mag nie doen wat hulle wil nie", "af"),
    ],
)
def test_rarer_languages_and_those_easily_confused_are_told_by_a_sentence(
    text: str, language: str
) -> None:
    """Sentences of our own and after the Universal Declaration of Human Rights."""
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("good morning", "en"),
        ("bom dia", "pt"),
        ("buenos días", "es"),
        ("guten Morgen", "de"),
        ("bonne nuit", "fr"),
        ("早上好", "zh"),
        ("translate this into German please", "en"),
        ("traduza isto para alemão", "pt"),
    ],
)
def test_short_messages_in_expected_languages_stay_so(text: str, language: str) -> None:
    assert detect(text) == language


def test_more_than_a_hundred_languages_are_known() -> None:
    assert len(known_languages()) > 100
    assert {"zh", "ckb", "hsb", "no", "or", "yi"} <= known_languages()
    assert not {"nn", "nb", UNKNOWN} & known_languages()


def test_a_long_hostile_text_is_looked_at_only_in_part() -> None:
    assert detect("ђ'" * 500_000) == "sr"
