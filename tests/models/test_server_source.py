"""Addresses of servers, their entries in the catalogue, and their keys."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from assistant.config import Settings
from assistant.config.settings import GenerateSettings
from assistant.core.errors import ModelError, OfflineError
from assistant.models.catalogue import Catalogue, read_entry
from assistant.models.network import network_forbidden
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.generator import ServerGenerator
from assistant.models.servers.keys import FoundKey, find_key, forget_key, store_key, stored_key
from assistant.models.servers.opening import endpoint_of, open_generator
from assistant.models.servers.sent import SentLog
from assistant.models.sources.reference import parse_source
from assistant.models.sources.server import ServerSource, parse_server
from tests.models.contracts.generator import answer
from tests.models.scripted_server import ScriptedServer, refusing

SECRET = "sk-very-secret-1"  # noqa: S105 - opens nothing
CERTIFICATE = Path(__file__).parent / "data" / "loopback.pem"
LOCAL = "openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-8B"


class MemoryKeyring(keyring.backend.KeyringBackend):
    """Keeps keys as long as a test lasts."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("none")


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_an_address_and_a_model_are_read() -> None:
    source = parse_source(LOCAL)
    assert source == ServerSource("http://127.0.0.1:8000/v1", "Qwen/Qwen3-8B")
    assert isinstance(source, ServerSource)
    assert (source.host, source.origin) == ("127.0.0.1:8000", "http://127.0.0.1:8000")
    assert str(source) == LOCAL


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("http://localhost:11434#m", "http://localhost:11434/v1"),
        ("http://localhost:11434/#m", "http://localhost:11434/v1"),
        ("https://API.example.com/openai/v1/#m", "https://api.example.com/openai/v1"),
        ("http://[::1]:8080/v1#m", "http://[::1]:8080/v1"),
    ],
)
def test_an_address_without_a_path_gets_the_usual_one(written: str, url: str) -> None:
    assert parse_server(written).url == url


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True), ("127.8.9.1", True), ("localhost", True), ("[::1]", True),
        ("models.localhost", True), ("[::ffff:127.0.0.1]", True), ("LOCALHOST.", True),
        ("192.168.1.20", False), ("10.0.0.1", False), ("api.example.com", False),
        ("localhost.example.com", False), ("127.0.0.1.example.com", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to judge
        ("[2001:db8::1]", False), ("notlocalhost", False),
    ],
)  # fmt: skip
def test_only_loopback_addresses_are_this_machine(host: str, local: bool) -> None:
    assert parse_server(f"http://{host}:8000#m").is_local is local


@pytest.mark.parametrize(
    "written",
    [
        f"http://me:{SECRET}@host/v1#m", f"https://{SECRET}@host/v1#m",
        f"http://host/v1?key={SECRET}#m", f"http://host:{SECRET}/v1#m", f"ftp://{SECRET}#m",
        f"//{SECRET}@host#m", f"http://host /{SECRET}#m", f"http://h\u202eost/{SECRET}#m",
    ],
)  # fmt: skip
def test_an_address_with_a_secret_in_it_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_entry("m", {"role": "generate", "source": f"openai:{written}"})
    assert SECRET not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    "written",
    ["", "#m", "http://#m", "http://host", "http://host#", "http://host:0#m", "host:8000#m",
     "http://host:99999#m", "http://host#a\x1b[31m", "http://[::1#m", "https:/host#m"],
)  # fmt: skip
def test_what_is_no_address_with_a_model_is_refused(written: str) -> None:
    with pytest.raises(ModelError, match=r"address|model"):
        parse_server(written)


def test_credentials_in_any_other_source_are_not_repeated_either() -> None:
    with pytest.raises(ModelError) as caught:
        parse_source(f"https://me:{SECRET}@host/v1#m")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "role"),
    [("Qwen/Qwen3-8B", "generate"), ("BAAI/bge-m3", "embed"), ("nomic-embed-text", "embed")],
)
def test_a_source_alone_is_enough(model: str, role: str) -> None:
    entry = read_entry("m", {"source": f"openai:http://127.0.0.1:8000/v1#{model}"})
    assert (entry.role, entry.format) == (role, "server")


def test_an_entry_is_a_served_model() -> None:
    entry = read_entry("my-qwen", {"role": "generate", "source": LOCAL})
    assert (entry.format, entry.needs_network) == ("server", False)
    assert entry.server == parse_source(LOCAL)


@pytest.mark.parametrize("name", ["key", "api_key", "token", "API_KEY", "secret", "password"])
def test_a_key_in_an_entry_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(ModelError, match=r"don't belong in config\.toml") as caught:
        read_entry("m", {"role": "generate", "source": LOCAL, name: SECRET})
    assert SECRET not in str(caught.value)
    assert "assistant models key set m" in caught.value.hint


def test_a_key_where_the_name_of_a_variable_belongs_is_not_repeated() -> None:
    with pytest.raises(ModelError) as caught:
        read_entry("m", {"role": "generate", "source": LOCAL, "key_env": SECRET})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "values",
    [{"source": LOCAL, "format": "gguf"}, {"source": "hf:a/b", "format": "server"}],
)
def test_the_format_server_and_the_source_belong_together(values: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="belong together"):
        read_entry("m", {"role": "generate", **values})


def test_a_server_can_not_fill_other_roles() -> None:
    with pytest.raises(ModelError, match="no format for"):
        read_entry("m", {"role": "translate", "source": LOCAL})


class TestKeys:
    """Where keys come from."""

    entry = read_entry("m", {"role": "generate", "source": LOCAL, "key_env": "MY_KEY"})
    bare = read_entry("m", {"role": "generate", "source": LOCAL})
    source = parse_server("http://127.0.0.1:8000#m")

    def test_the_named_variable_comes_first(self, ring: MemoryKeyring) -> None:
        store_key(self.source, "from-the-ring")
        assert find_key(self.entry, self.source, {"MY_KEY": f" {SECRET}\n"}).key == SECRET
        assert find_key(self.entry, self.source, {}).key == "from-the-ring"

    def test_without_any_there_is_none(self, ring: MemoryKeyring) -> None:
        assert find_key(self.bare, self.source, {"OPENAI_API_KEY": SECRET}) == FoundKey()

    def test_a_variable_that_is_not_set_is_told(self, ring: MemoryKeyring) -> None:
        with pytest.raises(ModelError, match="MY_KEY"):
            find_key(self.entry, self.source, {})

    def test_a_key_belongs_to_one_server(self, ring: MemoryKeyring) -> None:
        store_key(self.source, SECRET)
        for other in ("http://127.0.0.1:8001#m", "https://127.0.0.1:8000#m", "http://evil.com#m"):
            assert stored_key(parse_server(other)) is None
        assert stored_key(parse_server("http://127.0.0.1:8000/other#n")) == SECRET

    def test_can_be_forgotten(self, ring: MemoryKeyring) -> None:
        store_key(self.source, SECRET)
        assert forget_key(self.source)
        assert not forget_key(self.source)
        assert stored_key(self.source) is None

    @pytest.mark.parametrize("key", ["", "two words", "a\nb", "\x1b[31m", "schlüssel"])
    def test_what_can_be_no_key_is_refused(self, ring: MemoryKeyring, key: str) -> None:
        with pytest.raises(ModelError, match="can't be a key"):
            store_key(self.source, key)

    def test_a_keyring_that_refuses_is_told(
        self, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def locked(*_: object) -> None:
            raise keyring.errors.KeyringLocked(SECRET)

        monkeypatch.setattr(ring, "get_password", locked)
        with pytest.raises(ModelError, match="KeyringLocked") as caught:
            stored_key(self.source)
        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize(
        "failure", [keyring.errors.KeyringLocked(SECRET), OSError(SECRET), KeyError(SECRET)]
    )
    def test_a_keyring_that_fails_is_no_error_until_a_server_wants_a_key(
        self, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, failure: Exception
    ) -> None:
        def fails(*_: object) -> None:
            raise failure

        monkeypatch.setattr(ring, "get_password", fails)
        found = find_key(self.bare, self.source, {})
        assert found.key == ""
        assert found.problem is not None
        assert "keyring can't be used" in found.problem.message
        assert SECRET not in f"{found!r} {found.problem} {found.problem.hint}"
        assert find_key(self.entry, self.source, {"MY_KEY": SECRET}).key == SECRET

    def test_a_keyring_that_waits_for_a_password_nobody_types_is_given_up(
        self, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        typed = threading.Event()
        monkeypatch.setattr(ring, "get_password", lambda *_: typed.wait(60) and None)
        monkeypatch.setattr("assistant.models.servers.keys.ANSWER_SECONDS", 0.05)
        found = find_key(self.bare, self.source, {})
        typed.set()
        assert found.problem is not None
        assert "TimeoutError" in found.problem.message

    def test_a_server_that_needs_no_key_answers_beside_a_locked_keyring(
        self, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def locked(*_: object) -> None:
            raise keyring.errors.KeyringLocked

        monkeypatch.setattr(ring, "get_password", locked)
        with ScriptedServer().serving() as server:
            entry = read_entry("m", {"role": "generate", "source": f"openai:{server.url}#m"})
            generator = open_generator(entry, Settings(), {}, SentLog())
            assert answer(generator)[0] == "Hello, you"
            server.script = [refusing(401, {"error": {"message": "no key"}})]
            with pytest.raises(ModelError, match=r"wants a key.*keyring can.t be used") as caught:
                answer(generator)
            generator.close()
        assert "Unlock it" in caught.value.hint

    def test_a_machine_without_a_keyring_has_no_keys_and_says_what_to_do(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        assert stored_key(self.source) is None
        monkeypatch.setitem(__import__("sys").modules, "keyring", None)
        with pytest.raises(ModelError, match="not installed") as caught:
            store_key(self.source, SECRET)
        assert "key_env" in caught.value.hint

    def test_never_shows_in_a_repr(self) -> None:
        assert SECRET not in repr(Endpoint(self.source, SECRET))


@pytest.mark.parametrize("where", ["127.0.0.1:8000", "api.example.com"])
def test_offline_refuses_every_server_before_a_socket_opens(where: str) -> None:
    entry = read_entry("m", {"role": "generate", "source": f"openai:http://{where}#m"})
    with network_forbidden(), pytest.raises(OfflineError, match="offline is on") as caught:
        open_generator(entry, Settings(offline=True), {}, SentLog())
    assert "offline = false" in caught.value.hint


def test_the_guard_stops_a_server_model_that_got_past_the_settings() -> None:
    generator = ServerGenerator(
        Endpoint(parse_server("http://127.0.0.1:9#m")), name="m", context=100, grounded=False
    )
    with network_forbidden(), pytest.raises(OfflineError):
        answer(generator)
    generator.close()


def test_the_patience_of_the_settings_is_used() -> None:
    settings = Settings()
    endpoint = endpoint_of(read_entry("m", {"role": "generate", "source": LOCAL}), settings,
                           {}, SentLog())  # fmt: skip
    assert (endpoint.connect_seconds, endpoint.wait_seconds, endpoint.retries) == (10, 300, 4)


def test_a_server_model_counts_as_present_and_is_used(tmp_path: Path) -> None:
    from assistant.engine.runtimes import Runtimes
    from assistant.models.cache import ModelCache

    settings = Settings(
        generate=GenerateSettings(model="mine"),
        models={"mine": {"role": "generate", "source": LOCAL, "context": 9000}},
    )
    catalogue, cache = Catalogue.load(settings), ModelCache(tmp_path)
    assert cache.is_present(catalogue.get("mine"))
    generator = Runtimes(settings, catalogue, cache).generator()
    assert (generator.name, generator.context_length) == ("mine", 9000)
    generator.close()
    with pytest.raises(ModelError, match="served by 127"):
        cache.remove(catalogue.get("mine"))


@pytest.fixture
def secure() -> Iterator[ScriptedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    with ScriptedServer().serving(lambda s: context.wrap_socket(s, server_side=True)) as server:
        yield server


def say(server: ScriptedServer, ca_file: str = "") -> str:
    endpoint = Endpoint(
        parse_server(f"{server.url}#m"), SECRET, connect_seconds=5, retries=2, ca_file=ca_file
    )
    generator = ServerGenerator(endpoint, name="m", context=100, grounded=False)
    try:
        return answer(generator)[0]
    finally:
        generator.close()


def test_an_unknown_certificate_is_refused_before_anything_is_sent(secure: ScriptedServer) -> None:
    with pytest.raises(ModelError, match=r"certificate of 127\.0\.0\.1.*nothing was sent") as told:
        say(secure)
    assert "servers.ca_file" in told.value.hint
    assert secure.visits == []


def test_an_authority_of_ones_own_can_be_trusted(
    secure: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert say(secure, str(CERTIFICATE)) == "Hello, you"
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert say(secure) == "Hello, you"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_file_that_is_none_is_told(
    secure: ScriptedServer, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ModelError, match=r"ca\.pem can't be used"):
        say(secure, str(path))


def test_a_server_without_tls_is_told() -> None:
    with ScriptedServer().serving() as server:
        server.url = server.url.replace("http:", "https:")
        with pytest.raises(ModelError, match="does not speak TLS"):
            say(server)


def test_cancelling_works_through_tls(secure: ScriptedServer) -> None:
    import threading

    from assistant.core.protocols import Sampling
    from tests.models.contracts.generator import QUESTION, never

    gone = threading.Event()

    def hang(visit: object) -> None:
        visit.begin()  # type: ignore[attr-defined]
        visit.piece("One")  # type: ignore[attr-defined]
        visit.wait_until_left()  # type: ignore[attr-defined]
        gone.set()

    secure.script = [hang]
    endpoint = Endpoint(parse_server(f"{secure.url}#m"), ca_file=str(CERTIFICATE))
    generator = ServerGenerator(endpoint, name="m", context=100, grounded=False)
    stream = generator.stream(QUESTION, Sampling(), never)
    next(stream)
    stream.close()
    assert gone.wait(60)
    generator.close()


@pytest.mark.parametrize(
    "written",
    ["http://box:1234", "http://box:1234/", "http://box:1234/v1", "http://box:1234/v1/",
     "http://BOX:1234/v1/chat/completions", "http://box:1234/v1/models/",
     "http://box:1234/v1/embeddings", "http://box:1234/v1/completions"],
)  # fmt: skip
def test_an_address_copied_with_more_or_less_is_the_same_server(written: str) -> None:
    assert parse_server(f"{written}#m").url == "http://box:1234/v1"


def test_a_server_is_reached_with_ipv6() -> None:
    with ScriptedServer().serving(host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        source = parse_server(f"{server.url}#m")
        assert source.is_local
        generator = ServerGenerator(Endpoint(source), name="m", context=100, grounded=False)
        assert answer(generator)[0] == "Hello, you"
        generator.close()


@pytest.mark.parametrize(
    ("text", "local", "destination", "encrypted"),
    [
        ("http://127.0.0.1:11434#qwen3:8b", True, "127.0.0.1:11434", False),
        ("http://127.0.0.1:11434#gpt-oss:120b-cloud", False, "ollama.com", True),
        ("http://localhost:11434#glm-4.6:cloud", False, "ollama.com", True),
        ("http://127.0.0.1:11434#cloud", True, "127.0.0.1:11434", False),
        ("http://box:11434#glm-4.6:cloud", False, "box:11434", False),
    ],
)
def test_what_a_server_here_passes_on_does_not_stay_here(
    text: str, local: bool, destination: str, encrypted: bool
) -> None:
    source = parse_server(text)
    assert (source.is_local, source.destination) == (local, destination)
    assert source.is_encrypted is encrypted
    assert not source.uses_tls


def test_text_for_a_model_that_is_passed_on_is_announced() -> None:
    with ScriptedServer().serving() as server:
        sent = SentLog()
        entry = read_entry(
            "m", {"role": "generate", "source": f"openai:{server.url}#gpt-oss:20b-cloud"}
        )
        generator = open_generator(entry, Settings(), {}, sent)
        answer(generator)
        generator.close()
    assert [place.host for place in sent.take()] == ["ollama.com"]
