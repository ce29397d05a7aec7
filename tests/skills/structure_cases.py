"""Documents whose structure has to come through a translation, and what is to be kept of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle


@dataclass(frozen=True, slots=True)
class Case:
    """A document; each string in `kept` must be in the translation as often as in it."""

    name: str
    kind: str
    text: str
    kept: tuple[str, ...] = ()


TOKENS = (
    "`make test`", "``a ` b``", "`x = {y: 1}`", "`--flag`", "`日本語`",
    "https://example.com/a.b?c=d&e=f", "https://en.wikipedia.org/wiki/Foo_(bar)",
    "http://localhost:8080/x#y", "www.example.org", "<https://example.com>", "ftp://host/file",
    "bob.smith+x@example.com", "{name}", "{0}", "{user.name}", "{amount:.2f}", "{items[0]}",
    "{value!r}", "%s", "%d", "%5.2f", "%(count)d", "%1$s", "%%", "{{ user }}", "{{x}}",
    "{% url 'home' %}", "${HOME}", "$PATH", "$(date)", "%APPDATA%", "#{count}", "<%= name %>",
    "<br>", "<img src='a b.png'>", "<!-- note -->", "&nbsp;", "&copy;", "&#8212;", ":smile:",
    ":+1:", "[^1]", "[@smith2020]", "[[Other Page]]", "README.md", "src/app/main.py", "config.toml",
    "/usr/local/bin", "~/.config/app/settings", "C:\\Users\\bob", "./run.sh", "../data/x.csv",
    ".gitignore", "--force", "-v", "--output=out.txt", "print()", "os.path.join()", "std::vector",
    "snake_case_name", "__init__", "MAX_SIZE", "getElementById", "JavaScript", "numpy.linalg.norm",
    "Ctrl+C", "Alt+F4", "v2.10.3", "1.2.3-beta.1", "192.168.0.1", "2024-01-31",
    "2024-01-31T10:00:00Z", "0xFF", "#fff000", "#1234", "@octocat", "42", "3.14", "1,234,567",
    "9:30", "50%", "$19.99", "€7", "$x^2 + y^2$", "✅", "🎉🎉", "👩‍💻", "MP3",
    "123e4567-e89b-12d3-a456-426614174000", "{n, plural, one {# file} other {# files}}",
)  # fmt: skip
_FRAMES = (
    "Please look at {} before you go to the office.",
    "The team uses {}, which everybody likes, in the new house.",
    "We found {} in the old garden.",
    "Nobody knows why {} and the weather changed.",
    "My sister asked whether {} is ready for the children.",
)

_WRAPS = (
    ("{}\n", ()),
    ("# {}\n", ("# ",)),
    ("- {}\n- And another line here.\n", ("- ",)),
    ("> {}\n", ("> ",)),
    ("1. {}\n2. Then the next step.\n", ("1. ", "2. ")),
    ("| One | {} |\n|-----|-----|\n| Two | Three |\n", ("|-----|-----|",)),
    ("Read **this part** first.\n\n{}\n", ("**",)),
)


def _generated() -> list[Case]:
    frames, wraps = cycle(_FRAMES), cycle(_WRAPS)
    cases = []
    for token in TOKENS:
        sentence = next(frames).replace("{}", token)
        wrap, marks = next(wraps)
        if "|" in wrap and "|" in token:
            wrap, marks = _WRAPS[0]
        cases.append(Case(f"token {token}", "md", wrap.replace("{}", sentence), (token, *marks)))
    return cases


_MARKDOWN = (
    (
        "front matter",
        "---\ntitle: The house\ntags: [a, b]\n---\n\nThe house is old.\n",
        ("---\ntitle: The house\ntags: [a, b]\n---\n",),
    ),
    (
        "fence",
        "Run this:\n\n```python\nprint('hello there')\n```\n\nThen wait.\n",
        ("```python\nprint('hello there')\n```\n",),
    ),
    (
        "fence of tildes",
        "Before it.\n~~~\nhello there\n~~~\nAfter it.\n",
        ("~~~\nhello there\n~~~\n",),
    ),
    (
        "fence in a list",
        "- Do this first:\n\n  ```sh\n  make the thing\n  ```\n- Then rest.\n",
        ("  ```sh\n  make the thing\n  ```\n",),
    ),
    ("fence never closed", "Look here:\n\n```\nsome code here\n", ("```\nsome code here\n",)),
    (
        "indented code",
        "Look here:\n\n    some code here\n\nThe end came.\n",
        ("    some code here\n",),
    ),
    (
        "formula block",
        "Look here:\n\n$$\na + b = c\n$$\n\nThe end came.\n",
        ("$$\na + b = c\n$$\n",),
    ),
    (
        "nested list",
        "- The first one\n  - The second one\n    - The third one\n* The fourth one\n",
        ("- ", "  - ", "    - ", "* "),
    ),
    (
        "numbered list",
        "1. The first one\n2. The second one\n10. The tenth one\n",
        ("1. ", "2. ", "10. "),
    ),
    ("task list", "- [ ] Wash the car\n- [x] Feed the cat\n", ("- [ ] ", "- [x] ")),
    (
        "headings",
        "# One house\n\n## Two houses\n\n### Three houses ###\n",
        ("# ", "## ", "### ", " ###"),
    ),
    (
        "setext heading",
        "The big house\n=============\n\nThe small house\n---------------\n",
        ("=============", "---------------"),
    ),
    ("heading id", "## The big house {#big-house}\n", ("## ", "{#big-house}")),
    ("quote", "> The cat sat down.\n> It was happy.\n>> And then it slept.\n", ("> ", ">> ")),
    ("admonition", "> [!NOTE]\n> The cat is asleep now.\n", ("> [!NOTE]", "> ")),
    ("admonition on a line", "> [!WARNING] The cat is asleep now.\n", ("> [!WARNING]",)),
    (
        "table",
        "| Name | What it does |\n|:-----|:----:|\n| `chat` | Talks with you |\n| b | 42 |\n",
        ("|:-----|:----:|", "`chat`", "42"),
    ),
    (
        "table with code bars",
        "| A name | A use |\n|--|--|\n| `a|b` | the house \\| the garden |\n",
        ("|--|--|", "`a|b`", "\\|"),
    ),
    (
        "table without edges",
        "The name | The use\n--- | ---\nThe cat | the mouse\n",
        ("--- | ---", " | "),
    ),
    ("rule", "The cat sat.\n\n---\n\nThe dog ran.\n\n***\n", ("\n---\n", "***")),
    (
        "link",
        "Read [the whole book](https://example.com/book) today.\n",
        ("](https://example.com/book)",),
    ),
    (
        "link with title",
        'Read [the book](https://example.com "A title here") today.\n',
        ('](https://example.com "A title here")',),
    ),
    (
        "link of references",
        "Read [the book][b] today.\n\n[b]: https://example.com 'Title'\n",
        ("][b]", "[b]: https://example.com 'Title'"),
    ),
    (
        "link with brackets",
        "Read [the book](https://e.org/a_(b)) today.\n",
        ("](https://e.org/a_(b))",),
    ),
    ("link around code", "Call [`open`](open.md) with a name.\n", ("[`open`](open.md)",)),
    ("link in bold", "Read **[the book](b.md)** today.\n", ("**", "](b.md)")),
    ("bold in a link", "Read [the **whole** book](b.md) today.\n", ("**", "](b.md)")),
    (
        "two links",
        "From [the house](a.md) to [the garden](b.md) it is far.\n",
        ("](a.md)", "](b.md)"),
    ),
    ("image", "Here is ![a red cat](cat.png) in the garden.\n", ("![a red cat](cat.png)",)),
    (
        "badge",
        "[![build](b.svg)](https://ci.example.com) The project is small.\n",
        ("![build](b.svg)", "https://ci.example.com"),
    ),
    ("bold", "This is **very important** for everyone.\n", ("**",)),
    ("italic", "This is *very important* for _everyone_ here.\n", ("*", "_")),
    ("bold italic", "This is ***very important*** for everyone.\n", ("***",)),
    ("bold underscores", "This is __very important__ for everyone.\n", ("__",)),
    ("strike", "The price was ~~ten dollars~~ five dollars.\n", ("~~",)),
    ("bold with code", "Use **the `run` command** for everything.\n", ("**", "`run`")),
    ("whole sentence bold", "**Never do this at home.**\n", ("**",)),
    ("bold label", "**Note:** the cat is asleep.\n", ("**",)),
    (
        "inline tags",
        "Press <kbd>Enter</kbd> to go to <b>the next page</b>.\n",
        ("<kbd>", "</kbd>", "<b>", "</b>"),
    ),
    (
        "nested tags",
        "This <b>is <i>very</i> important</b> for us.\n",
        ("<b>", "</b>", "<i>", "</i>"),
    ),
    (
        "tag with attributes",
        '<a href="x.html" class="y">The house</a> is old.\n',
        ('<a href="x.html" class="y">', "</a>"),
    ),
    (
        "block of html",
        '<div align="center">\n\nThe house is old.\n\n</div>\n',
        ('<div align="center">', "</div>"),
    ),
    ("hard break", "The house is old.  \nThe garden is new.\n", ("  \n",)),
    ("backslash break", "The house is old\\\nand the garden is new.\n", ("\\\n",)),
    ("footnote", "The house is old.[^a]\n\n[^a]: The town says so.\n", ("[^a]", "[^a]: ")),
    ("escaped marks", "Write \\* for a star and \\_ for a line.\n", ("\\*", "\\_")),
    ("windows line ends", "# The house\r\n\r\nThe cat sat.\r\n", ("\r\n", "# ")),
    (
        "several tokens",
        "Set `a` to {b}, open c.txt at https://d.org, then press Ctrl+E 5 times.\n",
        ("`a`", "{b}", "c.txt", "https://d.org", "Ctrl+E", "5"),
    ),
    ("twice the same", "Copy `x` to `x` and {n} to {n} again.\n", ("`x`", "{n}")),
    ("only code", "`a` `b` `c`\n", ("`a` `b` `c`\n",)),
    ("stars that are no marks", "Multiply 2 * 3 * 4 for the area.\n", ("2", "3", "4", "*")),
    ("args", "Pass *args and **kwargs to the function.\n", ()),
    (
        "numbers",
        "In 1999 there were 12,345 people, 3.5% more than in 1998 itself.\n",
        ("1999", "12,345", "3.5%", "1998"),
    ),
    ("phone", "Call +1 555 0100 or 0049 30 123456 today.\n", ("+1 555 0100", "0049 30 123456")),
    ("placeholder of our own", "The XQ1X and the `code` are here.\n", ("XQ1X", "`code`")),
    (
        "emoji headings",
        "## 🚀 The quick start\n\n- ✅ It works\n- ❌ It does not work\n",
        ("## 🚀 ", "- ✅ ", "- ❌ "),
    ),
    ("nothing", "\n\n", ("\n\n",)),
)

_SRT = (
    ("one cue", ["The cat is here."], ()),
    ("two lines", ["The cat is here\nand the dog is there."], ()),
    ("italics", ["<i>The cat is here.</i>"], ("<i>", "</i>")),
    ("italics inside", ["The cat <i>really</i> is here."], ("<i>", "</i>")),
    ("position", ["{\\an8}The cat is here."], ("{\\an8}",)),
    (
        "colour",
        ['<font color="#ff0000">The cat is here.</font>'],
        ('<font color="#ff0000">', "</font>"),
    ),
    ("dialogue", ["- Where is the cat?\n- It is in the garden."], ("- ",)),
    ("music", ["♪ The cat is here ♪"], ("♪",)),
    ("noise", ["[DOOR OPENS]"], ()),
    ("speaker", ["JOHN: The cat is here."], ()),
    ("numbers", ["There are 24 cats in room 101."], ("24", "101")),
    ("sentence over two cues", ["The cat that I saw yesterday", "was in the garden again."], ()),
    ("sentence over three cues", ["The cat that", "I saw yesterday in the", "garden is here."], ()),
    ("many cues", [f"The cat number {n} is here." for n in range(1, 12)], ("11",)),
    ("a number alone", ["42"], ("42\n",)),
    ("two sentences", ["The cat is here. The dog is there."], ()),
    ("dots", ["The cat is...", "...not here at all."], ()),
    ("upper case", ["THE CAT IS HERE"], ()),
    ("question", ["Who is the cat? Who are you?"], ()),
    ("quotes", ['He said: "The cat is here."'], ()),
)
_VTT = (
    ("voice", "<v Bob>The cat is here.", ("<v Bob>",)),
    ("class", "<c.yellow>The cat</c> is here.", ("<c.yellow>", "</c>")),
    (
        "karaoke",
        "The <00:00:01.500>cat is <00:00:02.000>here.",
        ("<00:00:01.500>", "<00:00:02.000>"),
    ),
    ("entity", "The cat &amp; the dog are here.", ("&amp;",)),
    ("two lines", "The cat is here\nand the dog too.", ()),
    ("bold", "The <b>big cat</b> is here.", ("<b>", "</b>")),
)

_PO = (
    ("plain", "The file was saved."),
    ("string", "Could not open the file %s"),
    ("several", "Copied %d of %d files to the folder %s"),
    ("numbered", "%2$s was sent by %1$s"),
    ("named", "%(count)d people like %(name)s"),
    ("braces", "Hello {name}, you have {n} messages"),
    ("empty braces", "Moved {} to {} today"),
    ("format", "The total is {total:,.2f} dollars"),
    ("tag", 'Click <a href=\\"%s\\">this link</a> to go on'),
    ("newline", "The first line\\nThe second line"),
    ("newlines around", "\\nThe file is open\\n"),
    ("tab", "The name\\tThe value"),
    ("quotes", 'The file \\"%s\\" is missing'),
    ("percent", "The work is %d%% done"),
    ("ellipsis", "Open the file…"),
    ("accelerator", "&Open the file"),
    ("underscore", "_Save the file"),
    ("menu", "Press Ctrl+S to save the file"),
    ("url", "See https://example.com/help for more help"),
    ("option", "Use --verbose to see more words"),
    ("shell", "Set $EDITOR to your editor"),
    ("entity", "The cat &amp; the dog"),
    ("plural braces", "{n, plural, one {# file} other {# files}} found here"),
    ("double braces", "Welcome back, {{ user.name }}!"),
    ("objc", "The file %@ is missing"),
    (
        "long",
        "The file %(name)s could not be saved because the disk is full; remove some files and "
        "then try to save it again in a few minutes",
    ),
    ("no words", "%s: %d"),
    ("backslash", "The path C:\\\\temp is missing"),
    ("one word", "Cancel"),
    ("float", "It took %.2f seconds to read the file"),
)


def srt(cues: list[str]) -> str:
    """Cues of two seconds each."""
    return "\n".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},500\n{cue}\n" for n, cue in enumerate(cues, 1)
    )


def vtt(cue: str) -> str:
    """A file with a header, a note and a style in front of one cue."""
    return (
        "WEBVTT - The title\n\nNOTE The cat is a remark\n\nSTYLE\n::cue { color: red }\n\n"
        f"intro\n00:01.000 --> 00:03.000 align:start position:10%\n{cue}\n"
    )


PO_HEADER = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"X-Tool: the cat\\n"\n\n'


def po(message: str) -> str:
    """A catalogue with comments and a message that is translated already."""
    return (
        f'{PO_HEADER}# The cat is a remark\n#: src/a.c:12\n#, c-format\nmsgctxt "the menu"\n'
        f'msgid "{message}"\nmsgstr ""\n\nmsgid "Yes, please"\nmsgstr "Sim"\n\n'
        '#~ msgid "The old one"\n#~ msgstr "O velho"\n'
    )


CASES: tuple[Case, ...] = (
    *_generated(),
    *(Case(name, "md", text, kept) for name, text, kept in _MARKDOWN),
    *(Case(name, "srt", srt(cues), kept) for name, cues, kept in _SRT),
    *(Case(name, "vtt", vtt(cue), kept) for name, cue, kept in _VTT),
    *(Case(name, "po", po(message)) for name, message in _PO),
)
