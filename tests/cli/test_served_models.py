"""Models of servers from the command line: discover, keys, doctor, devices, list, ask."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from click.testing import CliRunner, Result

from assistant.cli.health import machine
from assistant.cli.main import root
from assistant.cli.translate import announced
from assistant.config import Places, load_settings
from assistant.engine.wiring import build
from assistant.models.servers import discovery
from skills.translation.generated import fallback_of
from tests.models.scripted_server import ScriptedServer, refusing, streaming
from tests.models.test_server_source import MemoryKeyring

SECRET = "sk-very-secret-1"  # noqa: S105 - opens nothing


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A server where OLLAMA_HOST says, and nothing at the usual ports."""
    monkeypatch.setattr(discovery, "KNOWN", {})
    with ScriptedServer().serving() as running:
        monkeypatch.setenv("OLLAMA_HOST", running.url.removesuffix("/v1"))
        running.models = [{"id": "qwen3:8b", "owned_by": "library"}, {"id": "nomic-embed-text"}]
        yield running


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def run(*arguments: str, input: str = "") -> Result:  # noqa: A002 - click's own name
    return CliRunner().invoke(root, arguments, input=input)


def configure(places: Places, text: str) -> None:
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(text, "utf-8")


def served(places: Places, url: str, more: str = "") -> None:
    configure(
        places,
        f'[models.mine]\nsource = "openai:{url}#m1"\n{more}\n[generate]\nmodel = "mine"\n',
    )


class TestDiscover:
    """`assistant models discover`."""

    def test_says_what_is_offered_and_how_to_use_it(self, server: ScriptedServer) -> None:
        result = run("models", "discover")
        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            f"Ollama: {server.url}",
            "  qwen3:8b          chat",
            "  nomic-embed-text  search",
            "",
            "To use one: assistant models discover --add qwen3:8b --use",
        ]

    def test_can_be_had_as_json(self, server: ScriptedServer) -> None:
        (found,) = json.loads(run("models", "discover", "--json").stdout)
        assert (found["kind"], found["url"]) == ("Ollama", server.url)
        assert found["models"][0]["source"] == f"openai:{server.url}#qwen3:8b"

    def test_adds_a_model_and_keeps_what_the_file_says(
        self, server: ScriptedServer, places: Places
    ) -> None:
        configure(places, '# mine\n[ui]\ntheme = "nord"  # blue\n')
        result = run("models", "discover", "--add", "qwen3:8b", "--use")  # qwen3-8b is one to fetch
        assert result.exit_code == 0, result.output
        text = places.config_file.read_text()
        assert text.startswith('# mine\n[ui]\ntheme = "nord"  # blue\n')
        written = tomllib.loads(text)
        assert written["models"]["qwen3-8b-served"]["source"] == f"openai:{server.url}#qwen3:8b"
        assert written["generate"] == {"model": "qwen3-8b-served"}
        assert "in config.toml as qwen3-8b-served" in run("models", "discover").stdout

    def test_adds_an_embedder_for_search(self, server: ScriptedServer, places: Places) -> None:
        result = run("models", "discover", "--add", "nomic-embed-text", "--as", "vectors")
        assert "assistant config set embed.model vectors" in result.stderr
        written = tomllib.loads(places.config_file.read_text())
        assert written["models"]["vectors"]["role"] == "embed"

    def test_a_model_that_is_not_offered_is_refused(self, server: ScriptedServer) -> None:
        result = run("models", "discover", "--add", "gpt-9")
        assert result.exit_code == 1
        assert "Offered: qwen3:8b, nomic-embed-text." in result.output

    def test_a_name_that_is_taken_is_refused(self, server: ScriptedServer) -> None:
        result = run("models", "discover", "--add", "qwen3:8b", "--as", "qwen3-4b")
        assert "There is a model qwen3-4b already." in result.output

    def test_says_where_it_looked_in_vain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(discovery, "addresses", lambda *_: ())
        assert "Ollama (11434), LM Studio (1234)" in run("models", "discover").stdout

    def test_opens_nothing_while_offline(self, server: ScriptedServer) -> None:
        result = run("--offline", "models", "discover")
        assert "offline is on" in result.output
        assert server.visits == []


class TestKeys:
    """`assistant models key`."""

    def test_a_key_is_kept_told_of_and_forgotten_without_being_shown(
        self, ring: MemoryKeyring, places: Places
    ) -> None:
        served(places, "https://api.example.com/v1")
        results = [
            run("models", "key", "set", "mine", input=f"{SECRET}\n"),
            run("models", "key", "status", "mine"),
            run("models", "key", "remove", "mine"),
            run("models", "key", "status", "mine"),
        ]
        said = [result.output.strip() for result in results]
        assert said == [
            "Kept for https://api.example.com.",
            "https://api.example.com: in the keyring.",
            "Forgotten: https://api.example.com.",
            "https://api.example.com: none.",
        ]
        assert SECRET not in places.config_file.read_text()

    def test_a_model_that_runs_here_needs_none(self) -> None:
        assert "needs no key" in run("models", "key", "set", "qwen3-4b", input="x\n").output

    def test_a_key_in_the_file_is_refused_and_hidden_wherever_the_file_is_shown(
        self, places: Places
    ) -> None:
        served(places, "http://127.0.0.1:1/v1", f'api_key = "{SECRET}"')
        for arguments in (["config", "show"], ["config", "check"], ["models", "list"],
                          ["ask", "-s", "generate", "hi"], ["doctor"]):  # fmt: skip
            assert SECRET not in run(*arguments).output
        assert "don't belong in config.toml" in run("config", "check").output

    def test_a_password_in_an_address_is_hidden_as_well(self, places: Places) -> None:
        served(places, f"http://me:{SECRET}@127.0.0.1:1/v1")
        for arguments in (["config", "show"], ["config", "check"], ["models", "list"]):
            assert SECRET not in run(*arguments).output


def test_an_answer_comes_from_the_server(server: ScriptedServer, places: Places) -> None:
    served(places, server.url)
    server.script = [streaming("It \x1b[31mis", " three.\x07")]
    result = run("ask", "-s", "generate", "count")
    assert result.exit_code == 0, result.output
    assert result.stdout == "It is three.\n"
    assert "sent to" not in result.stderr


def test_what_leaves_the_machine_is_said_once(
    server: ScriptedServer, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url.removesuffix("/v1"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    served(places, "http://models.invalid/v1")
    result = run("ask", "-s", "generate", "count")
    assert result.stdout == "Hello, you\n"
    assert result.stderr.count("text is sent to models.invalid") == 1
    assert "not encrypted" in result.stderr


def test_what_documents_are_sent_to_is_said_before_they_are_read(
    places: Places, tmp_path: Path
) -> None:
    configure(
        places,
        '[models.vectors]\nsource = "openai:http://away.invalid/v1#e5"\n'
        '[embed]\nmodel = "vectors"\n[servers]\nretries = 0\n',
    )
    (tmp_path / "a.txt").write_text("Tulips are red.")
    result = run("index", "add", str(tmp_path / "a.txt"))
    assert "the text of the documents is sent to away.invalid" in result.stderr
    assert "sent to" not in run("index", "list").stderr


def test_a_batch_says_where_text_goes(places: Places) -> None:
    served(places, "http://away.invalid/v1")
    result = run("batch", input="{}\n")
    assert "text is sent to away.invalid" in result.stderr
    assert "sent to" not in result.stdout


def test_offline_refuses_a_served_model_without_a_connection(
    server: ScriptedServer, places: Places
) -> None:
    served(places, server.url)
    result = run("--offline", "ask", "-s", "generate", "count")
    assert result.exit_code == 1
    assert "on this machine, and offline is on: no connection is opened" in result.output
    assert server.visits == []


def test_the_key_goes_to_the_server_and_nowhere_else(
    server: ScriptedServer, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    served(places, server.url, 'key_env = "MINE_KEY"')
    monkeypatch.setenv("MINE_KEY", SECRET)
    server.script = [refusing(401, {"error": {"message": f"bad key {SECRET}"}})]
    result = run("-v", "ask", "-s", "generate", "count")
    assert server.chats[0].headers["authorization"] == f"Bearer {SECRET}"
    assert "wants a key" in result.output
    assert SECRET not in result.output
    kept = (file.read_bytes() for file in places.state.rglob("*") if file.is_file())
    assert not any(SECRET.encode() in content for content in kept)


def test_list_says_which_models_are_served_and_where_text_goes(places: Places) -> None:
    configure(
        places,
        '[models.here]\nsource = "openai:http://127.0.0.1:8000/v1#m"\n'
        '[models.away]\nsource = "openai:https://api.example.com/v1#m"\n',
    )
    lines = run("models", "list").stdout.splitlines()
    assert any(line.startswith("here ") and " server " in line for line in lines)
    assert any(line.startswith("away ") and " sent away " in line for line in lines)
    rows = {row["name"]: row for row in json.loads(run("models", "list", "--json").stdout)}
    assert (rows["away"]["server"], rows["away"]["remote"]) == ("api.example.com", True)
    assert (rows["here"]["server"], rows["here"]["remote"]) == ("127.0.0.1:8000", False)
    assert "no folder here" in run("models", "path", "here").output


def test_devices_say_where_text_goes(places: Places) -> None:
    served(places, "http://gpu-box:8000/v1")
    assert (
        "mine: another machine: text is sent to gpu-box:8000 (not encrypted)"
        in run("devices").stdout.splitlines()
    )
    served(places, "http://127.0.0.1:8000/v1")
    assert "mine: server 127.0.0.1:8000 on this machine" in run("devices").stdout


@pytest.fixture
def _no_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "NATIVE_MODULES", {})
    monkeypatch.setattr(machine.check_native_modules, "__defaults__", ((),))


@pytest.mark.usefixtures("_no_imports")
def test_the_doctor_asks_the_server(server: ScriptedServer, places: Places) -> None:
    served(places, server.url)
    assert "does not list “m1”" in run("doctor").output
    server.models.append({"id": "m1"})
    output = run("doctor").output
    assert f"✓ Model mine: served by {server.url[7:-3]}, this machine (generate)" in output
    assert server.chats == []


@pytest.mark.usefixtures("_no_imports")
def test_the_doctor_says_when_a_server_does_not_run(places: Places) -> None:
    served(places, "http://127.0.0.1:9/v1")
    assert "✗ Model mine: No server is running at 127.0.0.1:9" in run("doctor").output


class TestInChinese:
    """What these commands tell is told in Chinese too."""

    @pytest.fixture(autouse=True)
    def _chinese(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ASSISTANT_LANG", "zh")

    def test_what_servers_offer(self, server: ScriptedServer, places: Places) -> None:
        served(places, server.url)
        server.models = [{"id": "m1", "max_model_len": 4096}, {"id": "nomic-embed-text"}]
        assert run("models", "discover").stdout.splitlines() == [
            f"兼容 OpenAI 的服务器：{server.url}",
            "  m1                聊天  4,096 个词元  在 config.toml 里是 mine",
            "  nomic-embed-text  查找",
            "",
            "使用其中一个：assistant models discover --add nomic-embed-text --use",
        ]

    def test_where_text_goes(self, places: Places) -> None:
        served(places, "http://gpu-box:8000/v1")
        row = next(x for x in run("models", "list").stdout.splitlines() if x.startswith("mine "))
        assert " 发到外面 " in row
        assert "mine：" in run("devices").stdout

    def test_where_the_key_is(self, server: ScriptedServer, places: Places) -> None:
        served(places, server.url)
        assert "没有密钥" in run("models", "key", "status", "mine").stdout

    def test_that_the_key_is_kept_and_forgotten(
        self, server: ScriptedServer, places: Places, ring: MemoryKeyring
    ) -> None:
        served(places, server.url)
        assert "已为" in run("models", "key", "set", "mine", input=SECRET).stderr
        assert "在密钥环里" in run("models", "key", "status", "mine").stdout
        assert "已忘记" in run("models", "key", "remove", "mine").stdout


def test_a_name_with_signs_of_the_shell_can_be_pasted(server: ScriptedServer) -> None:
    server.models = [{"id": "x;reboot $(id)"}]
    assert run("models", "discover").stdout.splitlines()[-1] == (
        "To use one: assistant models discover --add 'x;reboot $(id)' --use"
    )


@pytest.mark.parametrize(("host", "told"), [("gpu-box:8000", True), ("127.0.0.1:8000", False)])
def test_translating_says_that_a_document_leaves_the_machine(
    places: Places, capsys: pytest.CaptureFixture[str], host: str, told: bool
) -> None:
    served(places, f"http://{host}/v1", 'role = "generate"\ngrounded = true')
    settings = load_settings(places, {})
    find = announced(fallback_of(build(settings, places).services), settings)
    assert find("zh", "de") is not None
    assert (f"text is sent to {host}" in capsys.readouterr().err) == told


def test_the_embedder_of_another_machine_is_named_before_it_is_sent_anything(
    places: Places,
) -> None:
    configure(
        places,
        '[models.e]\nrole = "embed"\nsource = "openai:http://gpu-box:8000/v1#e5"\n'
        '[embed]\nmodel = "e"\n[servers]\nretries = 0\nconnect_seconds = 0.1\n',
    )
    for arguments in (("route", "show", "hello"), ("classify", "-", "--labels", "a,b")):
        result = run(*arguments, input="hello\n")
        assert "text is sent to gpu-box:8000" in result.stderr, arguments
