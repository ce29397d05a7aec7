"""What in a sentence is no prose and has to come through a translation as it is."""

from __future__ import annotations

import re

LETTER = re.compile(r"[^\W\d_]")
WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
"""Letters of scripts that put no spaces between words."""

CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])")
LINK = re.compile(
    r"(?<!!)(\[)(?![\^!@\]])([^\[\]\n]+)(\]\((?:[^()\n]|\([^()\n]*\))*\)|\]\[[^\]\n]*\])"
)
STRIKE = re.compile(r"(~~)(?=\S)([^~\n]+)(?<=\S)(~~)")
COMMENT = re.compile(r"<!--.*?-->|<%.*?%>|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
"""Comments and templates, which may hold anything."""
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)(?:[:.][\w.-]+(?::[\w.-]+)*)?(?:\s[^<>\n]*?)?(/?)>")

_EMOJI = (
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"
    "\ufe0e\ufe0f\u200d\u20e3]+"
)
EMOJI = re.compile(rf"{_EMOJI}(?:[ ]?{_EMOJI})*")

_WIDE_MARKS = "\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
_IN_URL = rf"(?:[^\s<>()\[\]{_WIDE_MARKS}]|\([^\s()]*\))"
_URL_END = rf"(?:[^\s<>()\[\].,;:!?'\"{_WIDE_MARKS}]|\([^\s()]*\))"
_FILE_ENDINGS = (
    "py|js|jsx|tsx?|txt|md|rst|json|toml|ya?ml|html?|css|pdf|docx?|pptx?|xlsx?|odt|epub|csv|tsv"
    "|sh|bat|exe|dll|so|c|h|cpp|hpp|java|rs|go|rb|php|sql|ini|cfg|conf|log|xml|zip|tar|gz|tgz"
    "|png|jpe?g|gif|svg|webp|mp[34]|wav|srt|vtt|po|mo|lock|env|db|com|org|net|io|dev|edu|gov"
)
_BRACES = r"\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\}"

PRINTF = re.compile(
    r"%(?:\([\w.]+\)|\d+\$)?[-+0#]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|L|q|j|z|t)?"
    r"[diouxXeEfFgGcrsap@](?![A-Za-z])"
)
ATOM = re.compile(
    "|".join(
        (
            r"<(?:https?://|mailto:)[^>\s]+>|<\d\d:\d\d[\d:.]*>",
            rf"(?:https?|ftps?|file|ssh|git)://{_IN_URL}*{_URL_END}",
            rf"\bwww\.{_IN_URL}*{_URL_END}",
            r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,250}\w",
            # Placeholders: ${X}, #{x}, {name!r:>10}, ICU's {n, plural, …}.
            r"[$#@]" + _BRACES,
            r"\{\$?[\w.\[\]]*(?:![rsa])?(?::[^{}\s]*)?\}|\{[#.][^{}\n]*\}|\{\\[^{}\n]*\}",
            r"\{\w+,[ ]*(?:plural|select|selectordinal|number|date|time)\b"
            r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}",
            PRINTF.pattern + r"|%%",
            r"(?<![\w$\\])\$\$?(?=\S)[^$\n]+?(?<=\S)\$\$?(?!\w)",  # formulas
            r"\$\((?:[^()\n])+\)|(?<![\w$])\$[A-Za-z_]\w*(?!\$)|%[A-Z_]{2,}%",
            r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});",
            r"(?<![\w:]):[a-z+-][a-z0-9_+-]*:(?![\w:])",  # :emoji:
            r"\[\^[^\]\s]+\]:?|\[![A-Z]+\]|\[@[^\]\s]+\]|\[\[[^\]\n]+\]\]|\[[ xX]\](?=\s)",
            r"(?<!\S)(?:~|\.{1,2})?(?:/[\w.@+-]+){2,}/?|(?<!\S)[~.]{1,2}/[\w./@+-]*\w/?"
            r"|(?<!\S)[A-Za-z]:\\[^\s,;]*[^\s,;.!?]",
            rf"(?<![\w./-])[\w-]{{1,99}}(?:[./][\w-]{{1,99}}){{0,20}}\.(?:{_FILE_ENDINGS})\b(?![.\w]\w)",
            r"(?<![\w.])\.(?:env|git\w*|bashrc|zshrc|profile|dockerignore|editorconfig)\b",
            r"(?<![\w-])--[a-z][\w-]*(?:=[^\s,;]+)?|(?<![\w-])-[a-zA-Z](?![\w-])",
            r"\b[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)*\(\)|\b\w+(?:::\w+)+",
            # snake_case, __init__
            r"(?<!\w)(?=[A-Za-z][^\W_]*_)\w{1,99}(?<!_)(?!\w)|(?<!\w)__?[A-Za-z]\w{0,99}_(?!\w)",
            r"\b[a-z]\w+(?:\.[a-z]\w+){2,}\b",  # os.path.join
            r"\b(?:Ctrl|Alt|Shift|Cmd|Super|Meta)(?:\+\w+)+|\b(?:Ctrl|Alt|Cmd)-\w\b",
            r"(?<![\w.])v?\d+\.\d+\.\d+[\w.+-]*\w|\bv\d+(?:\.\d+)*\b|\b0x[0-9a-fA-F]+\b",
            r"\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?\b",
            r"(?<![\w.,])(?:\+\d{1,4}(?:[ -]\d{2,})+|\d{2,4}(?:[ -]\d{2,}){2,})(?![\w.,]\d)",
            r"(?<![\w#&])#(?:[0-9a-fA-F]{3,8}|\w+)\b|(?<![\w@])@[A-Za-z][\w./-]*\w",
            r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
            r"(?<!\S)\|(?!\S)",
            r"\\[nt](?![a-z])|\\\S",
        )
    ),
    re.DOTALL,
)
"""Ordered: what stands first wins."""
