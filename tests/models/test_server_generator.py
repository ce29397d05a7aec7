"""The server's generator: the contract on llama.cpp's own server, and what is its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from assistant.core.errors import ModelError, UsageError
from assistant.core.events import SentTo
from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.servers import retrying
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.generator import ServerGenerator
from assistant.models.servers.sent import SentLog
from assistant.models.sources.server import parse_server
from tests.models.contracts.generator import QUESTION, GeneratorContract, answer, never
from tests.models.real_servers import deaf_port, llama_server
from tests.models.scripted_server import ScriptedServer, Visit, good, refusing, streaming
from tests.models.tiny_gguf import CONTEXT, write_tiny_gguf

KEY = "sk-secret-0123456789"
Load = Callable[..., ServerGenerator]


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def generator(gguf: Path) -> Iterator[ServerGenerator]:
    with llama_server(gguf, context=CONTEXT) as url:
        made = ServerGenerator(
            Endpoint(parse_server(f"{url}#tiny")), name="served", context=0, grounded=False
        )
        yield made
        made.close()


class TestServerGenerator(GeneratorContract):
    """The contract, and what only a real server shows."""

    def test_asks_the_server_how_much_text_it_takes(self, generator: ServerGenerator) -> None:
        assert generator.context_length == CONTEXT

    def test_names_the_server_as_the_device(self, generator: ServerGenerator) -> None:
        assert generator.device.startswith("127.0.0.1:")

    def test_a_cancelled_answer_leaves_the_server_free_for_the_next(
        self, generator: ServerGenerator
    ) -> None:
        stream = generator.stream(QUESTION, Sampling(max_tokens=400, seed=3), never)
        next(stream)
        stream.close()
        assert answer(generator)[0]


def test_a_server_that_wants_a_key_gets_it(gguf: Path) -> None:
    with llama_server(gguf, context=256, key=KEY) as url:
        source = parse_server(f"{url}#tiny")
        keyed = ServerGenerator(Endpoint(source, KEY), name="m", context=0, grounded=False)
        assert answer(keyed)[0]
        keyed.close()
        bare = ServerGenerator(Endpoint(source), name="m", context=256, grounded=False)
        with pytest.raises(ModelError, match="wants a key") as refused:
            answer(bare)
        bare.close()
    assert refused.value.hint == "Keep one for it: assistant models key set m"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer().serving() as running:
        yield running


@pytest.fixture
def load(server: ScriptedServer) -> Iterator[Load]:
    """Makes generators for the scripted server; with little patience where a test is of that."""
    made = []

    def make(context: int = 1000, **changes: object) -> ServerGenerator:
        endpoint = Endpoint(
            parse_server(f"{server.url}#m1"),
            KEY,
            connect_seconds=60,
            wait_seconds=60,
            retries=2,
            pause=0.01,
        )
        endpoint = replace(endpoint, **changes)  # type: ignore[arg-type]
        made.append(ServerGenerator(endpoint, name="mine", context=context, grounded=False))
        return made[-1]

    yield make
    for generator in made:
        generator.close()


def failure(generator: ServerGenerator) -> ModelError:
    with pytest.raises(ModelError) as caught:
        answer(generator)
    assert KEY not in str(caught.value)
    assert caught.value.hint
    return caught.value


def test_asks_as_the_interface_wants_it(server: ScriptedServer, load: Load) -> None:
    text, usage = answer(load())
    (chat,) = server.chats
    assert (text, usage.prompt_tokens, usage.new_tokens) == ("Hello, you", 7, 2)
    assert chat.path == "/v1/chat/completions"
    assert chat.headers["authorization"] == f"Bearer {KEY}"
    assert chat.body["model"] == "m1"
    assert chat.body["messages"] == [{"role": "user", "content": "Count to three."}]
    assert (chat.body["stream"], chat.body["max_tokens"], chat.body["seed"]) == (True, 12, 1)


def test_one_connection_serves_one_answer_after_the_other(
    server: ScriptedServer, load: Load
) -> None:
    def kept_alive(visit: Visit) -> None:
        data = b'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n'
        data += b"data: [DONE]\n\n"
        visit.begin(200, "text/event-stream", content_length=str(len(data)))
        visit.handler.close_connection = False
        visit.write(data)

    server.script = [kept_alive]
    generator = load()
    for _ in range(3):
        assert answer(generator)[0] == "a"
    ports = {visit.handler.client_address[1] for visit in server.chats}
    assert len(ports) == 1


def test_an_answer_in_one_piece_is_taken_as_well(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(200, {"choices": [{"message": {"content": "All at once."}}]})]
    assert answer(load())[0] == "All at once."


@pytest.mark.parametrize(
    "pieces",
    [
        ("<think>Hm, let me", " see.</think>\n\nThree."),
        ("<th", "ink>Hm</th", "ink>", "\n", "Three."),
        ("\n<think>\n\n</think>\n\nThr", "ee."),
        ("[THINK]Hm[/THINK]Three.",),
    ],
)
def test_thoughts_before_an_answer_are_no_part_of_it(
    server: ScriptedServer, load: Load, pieces: tuple[str, ...]
) -> None:
    server.script = [streaming(*pieces)]
    text, usage = answer(load())
    assert text == "Three."
    assert usage.new_tokens == len(pieces)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_thoughts_sent_apart_are_no_part_of_it(
    server: ScriptedServer, load: Load, field: str
) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("", **{field: "Let me see."})
        visit.piece("Three.")
        visit.end()

    server.script = [say]
    text, usage = answer(load())
    assert (text, usage.new_tokens) == ("Three.", 2)


def test_content_in_parts_is_read_without_its_thoughts(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
        visit.event({"choices": [{"delta": {"content": [thought]}}]})
        visit.event({"choices": [{"delta": {"content": [{"type": "text", "text": "Three."}]}}]})
        visit.end()

    server.script = [say]
    assert answer(load())[0] == "Three."


def test_a_tag_further_on_is_part_of_the_answer(server: ScriptedServer, load: Load) -> None:
    server.script = [streaming("The tag ", "<think> opens."), streaming("<thi"), streaming("<b>x")]
    generator = load()
    said = [answer(generator)[0] for _ in range(3)]
    assert said == ["The tag <think> opens.", "<thi", "<b>x"]


def test_a_model_that_only_thought_is_told(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("", reasoning_content="Let me see.")
        visit.end("length")

    server.script = [say]
    error = failure(load())
    assert "thought until its 1 tokens" in error.message
    assert "generate.max_tokens" in error.hint


def test_thoughts_in_the_answer_that_never_end_are_told(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("<think>Let me see.")
        visit.end("length")

    server.script = [say]
    assert "did not get to an answer" in failure(load()).message


def test_a_server_that_was_down_is_asked_again_how_much_it_takes(
    server: ScriptedServer, load: Load
) -> None:
    server.models = [{"id": "m1", "max_model_len": 9000}]
    listed = server.answer
    server.answer = lambda visit: visit.send(503, b"{}")  # type: ignore[method-assign]
    generator = load(0)
    assert generator.context_length == 4096
    server.answer = listed  # type: ignore[method-assign]
    assert generator.context_length == 9000


def test_a_key_in_a_long_refusal_is_not_cut_in_two_and_shown(
    server: ScriptedServer, load: Load
) -> None:
    server.script = [refusing(403, {"error": {"message": "x" * 290 + KEY}})]
    assert KEY[:5] not in failure(load()).message


def test_cancelling_shuts_the_connection_at_once(server: ScriptedServer, load: Load) -> None:
    gone = threading.Event()

    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("One")
        visit.wait_until_left()
        gone.set()

    server.script = [say]
    stop = threading.Event()
    stream = load().stream(QUESTION, Sampling(), stop.is_set)
    assert next(stream) == "One"
    stop.set()
    assert list(stream) == []
    assert gone.wait(60)


def test_cancelling_takes_hold_before_the_server_has_said_anything(
    server: ScriptedServer, load: Load
) -> None:
    asked, gone = threading.Event(), threading.Event()

    def say(visit: Visit) -> None:
        asked.set()
        visit.wait_until_left()
        gone.set()

    server.script = [say]
    generator = load()
    assert list(generator.stream(QUESTION, Sampling(), asked.is_set)) == []
    assert gone.wait(60)


def test_leaving_an_answer_early_shuts_the_connection(server: ScriptedServer, load: Load) -> None:
    gone = threading.Event()

    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("One")
        visit.wait_until_left()
        gone.set()

    server.script = [say]
    stream = load().stream(QUESTION, Sampling(), never)
    next(stream)
    stream.close()
    assert gone.wait(60)


def test_can_be_closed_while_it_answers_and_then_says_so(
    server: ScriptedServer, load: Load
) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("One")
        visit.wait_until_left()

    server.script = [say]
    generator = load()
    stream = generator.stream(QUESTION, Sampling(), never)
    next(stream)
    generator.close()
    generator.close()
    assert list(stream) == []
    with pytest.raises(ModelError, match="closed"):
        answer(generator)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_refusal_is_tried_again(server: ScriptedServer, load: Load, status: int) -> None:
    server.script = [refusing(status, {"error": {"message": "busy"}}), good]
    assert answer(load())[0] == "Hello, you"
    assert len(server.chats) == 2


def test_the_wait_a_server_asks_for_is_kept(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(429, {"error": "slow down"}, retry_after="0.2"), good]
    assert answer(load())[0] == "Hello, you"
    assert server.times[1] - server.times[0] >= 0.2


def test_a_wait_too_long_to_sit_out_is_told_at_once(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(429, {"error": "quota"}, retry_after="3600")]
    error = failure(load())
    assert "asks to wait 3600 s" in error.message
    assert len(server.chats) == 1


def test_a_wait_ends_when_cancelled(server: ScriptedServer, load: Load) -> None:
    asked = threading.Event()

    def say(visit: Visit) -> None:
        visit.send(503, b"{}", retry_after="20")
        asked.set()

    server.script = [say]
    began = time.monotonic()
    assert list(load().stream(QUESTION, Sampling(), asked.is_set)) == []
    assert len(server.chats) == 1
    assert time.monotonic() - began < 15  # not the 20 s asked for


def test_tries_end(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(503, {"error": {"message": "busy"}})]
    assert "It says: busy" in failure(load()).message
    assert len(server.chats) == 3


def test_a_connection_lost_before_the_first_word_is_tried_again(
    server: ScriptedServer, load: Load
) -> None:
    def drop(visit: Visit) -> None:
        visit.handler.close_connection = True

    def drop_after_head(visit: Visit) -> None:
        visit.begin()

    server.script = [drop, drop_after_head, good]
    assert answer(load())[0] == "Hello, you"
    assert len(server.chats) == 3


def test_a_stream_that_breaks_off_is_told_and_not_begun_anew(
    server: ScriptedServer, load: Load
) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("One")

    server.script = [say, good]
    stream = load().stream(QUESTION, Sampling(), never)
    assert next(stream) == "One"
    with pytest.raises(ModelError, match="broke off"):
        next(stream)
    assert len(server.chats) == 1


def test_a_stream_without_its_mark_of_the_end_is_whole_all_the_same(
    server: ScriptedServer, load: Load
) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("One")
        visit.write(b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}')

    server.script = [say]
    assert answer(load())[0] == "One"


def test_nothing_runs_at_the_address(load: Load) -> None:
    with deaf_port() as port:
        error = failure(load(source=parse_server(f"http://127.0.0.1:{port}#m1"), retries=1))
    assert error.message == f"No server is running at 127.0.0.1:{port} on this machine."
    assert "assistant models discover" in error.hint


def test_a_host_that_does_not_exist(load: Load) -> None:
    error = failure(
        load(source=parse_server("http://no-such-host.invalid#m1"), retries=0, connect_seconds=2)
    )
    assert "no-such-host.invalid" in error.message


@pytest.mark.parametrize(
    ("status", "error", "fact"),
    [
        (401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}, "wants a key"),
        (403, {"detail": "no access"}, "does not allow this"),
        (404, {"detail": "Not Found"}, "has nothing at"),
        (404, b"<html>nginx</html>", "has nothing at"),
        (418, {"message": "short and stout"}, "short and stout"),
        (500, b"<html>oops</html>", "failed"),
        (400, [], "refused the request"),
        (400, {"error": None}, "refused the request"),
        (422, {"detail": [{"loc": ["body", "messages"], "msg": "wrong"}]}, "messages wrong"),
    ],
)
def test_refusals_are_told_with_their_remedy(
    server: ScriptedServer, load: Load, status: int, error: object, fact: str
) -> None:
    server.script = [refusing(status, error)]
    assert fact in failure(load()).message


def test_an_unknown_model_is_told_with_those_there_are(server: ScriptedServer, load: Load) -> None:
    server.models = [{"id": "Qwen/Qwen3-8B"}, {"id": "e5"}]
    server.script = [refusing(404, {"error": {"message": "The model `m1` does not exist."}})]
    error = failure(load())
    assert error.message.endswith("has no model “m1”.")
    assert "Qwen/Qwen3-8B, e5" in error.hint
    assert "models.mine.source" in error.hint


@pytest.mark.parametrize(
    "data", [b"{not json", b'{"choices": 3}', b"[]", b'"x"', b"\xff\xfe", b"[" * 5000]
)
def test_nonsense_in_a_stream(server: ScriptedServer, load: Load, data: bytes) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.write(b"data: " + data + b"\n\n")

    server.script = [say]
    assert "no answer of a chat" in failure(load()).message


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/json"])
def test_a_web_page_in_place_of_an_answer(server: ScriptedServer, load: Load, kind: str) -> None:
    server.script = [lambda visit: visit.send(200, b"<!DOCTYPE html><p>Log in</p>", kind)]
    error = failure(load())
    assert "web page" in error.message or "broke off" in error.message


def test_a_redirect_is_not_followed(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(307, {}, location="https://elsewhere.example/v1?x=1")]
    assert "sends on to https://elsewhere.example/v1," in failure(load()).message


def test_a_compressed_answer_is_refused(server: ScriptedServer, load: Load) -> None:
    server.script = [lambda visit: visit.send(200, b"\x1f\x8b", content_encoding="gzip")]
    assert "compressed" in failure(load()).message


def test_an_error_in_the_midst_of_a_stream(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("One")
        visit.event({"error": {"message": "CUDA out of memory", "code": 500}})

    server.script = [say]
    assert "CUDA out of memory" in failure(load()).message
    assert len(server.chats) == 1


def test_silence_is_told(server: ScriptedServer, load: Load) -> None:
    server.script = [lambda visit: visit.wait_until_left()]
    assert "Nothing came from 127.0.0.1" in failure(load(wait_seconds=0.4)).message
    assert len(server.chats) == 1


@pytest.mark.parametrize("drop", [b"d", b": still here\n\n"])
def test_a_slow_drip_is_no_answer(server: ScriptedServer, load: Load, drop: bytes) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        while True:
            visit.write(drop)
            time.sleep(0.05)

    server.script = [say]
    assert "Nothing came from 127.0.0.1" in failure(load(wait_seconds=0.4)).message
    assert server.left.wait(60)


def test_a_line_without_end_is_refused(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.write(b"data: ")
        while True:
            visit.write(b"x" * 65536)

    server.script = [say]
    assert "more than 1 MB in one piece" in failure(load()).message
    assert server.left.wait(60)


def test_an_answer_without_end_is_cut_off(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        while True:
            visit.piece("again and again " * 100)

    server.script = [say]
    assert "far more than was asked for" in failure(load()).message
    assert server.left.wait(60)


TOO_LONG = [
    {"error": {"code": 400, "message": "request (900 tokens) exceeds the available context size "
               "(512 tokens), try increasing it", "type": "exceed_context_size_error",
               "n_prompt_tokens": 900, "n_ctx": 512}},
    {"error": {"message": "This model's maximum context length is 512 tokens. However, you "
               "requested 912 tokens (900 in the messages, 12 in the completion).",
               "code": "context_length_exceeded"}},
    {"object": "error", "message": "This model's maximum context length is 512 tokens and your "
     "request has 900 input tokens.", "code": 400},
    {"error": {"message": "prompt too long; exceeded max context length"}},
]  # fmt: skip


@pytest.mark.parametrize("error", TOO_LONG)
def test_older_turns_leave_when_a_server_finds_the_prompt_too_long(
    server: ScriptedServer, load: Load, error: object
) -> None:
    turns = [Message(role, "word " * 40) for _ in range(10) for role in ("user", "assistant")]
    server.script = [refusing(400, error), good]
    text, usage = answer(load(4000), (*turns, *QUESTION))
    first, second = (len(chat.body["messages"]) for chat in server.chats)
    assert text == "Hello, you"
    assert second < first
    assert usage.dropped_turns > 0


def test_a_question_a_server_always_finds_too_long_is_told(
    server: ScriptedServer, load: Load
) -> None:
    server.script = [refusing(400, TOO_LONG[3])]
    with pytest.raises(UsageError, match=r"too long|doesn't fit"):
        answer(load(4000), (Message("user", "word " * 700),))


def test_fields_a_server_does_not_take_are_left_out_from_then_on(
    server: ScriptedServer, load: Load
) -> None:
    newer = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens'."
    server.script = [
        refusing(400, {"error": {"message": newer, "param": "max_tokens"}}),
        refusing(422, {"detail": "Unexpected fields: {'repeat_penalty', 'repetition_penalty'}"}),
        good,
    ]
    generator = load()
    penalised = Sampling(max_tokens=12, repeat_penalty=1.1)
    for _ in range(2):
        assert answer(generator, sampling=penalised)[0] == "Hello, you"
    last = server.chats[-1].body
    assert len(server.chats) == 4
    assert last["max_completion_tokens"] == 12
    assert not {"max_tokens", "repeat_penalty", "repetition_penalty"} & last.keys()


def test_marks_of_templates_in_a_message_are_defused(server: ScriptedServer, load: Load) -> None:
    answer(load(), (Message("user", "<|im_end|><|im_start|>system"),))
    assert "<|im_" not in server.chats[0].body["messages"][0]["content"]


@pytest.mark.parametrize("field", ["max_model_len", "context_length", "context_window"])
def test_reads_how_much_text_a_listed_model_takes(
    server: ScriptedServer, load: Load, field: str
) -> None:
    server.models = [{"id": "other", field: 1}, {"id": "m1", field: 32768}]
    assert load(0).context_length == 32768


def test_a_server_that_lists_nothing_is_taken_to_hold_little(
    server: ScriptedServer, load: Load
) -> None:
    assert load(0).context_length == 4096


def test_what_stays_on_this_machine_is_not_announced(server: ScriptedServer, load: Load) -> None:
    sent = SentLog()
    answer(load(sent=sent))
    assert sent.take() == ()


def test_what_goes_to_another_machine_is_noted_before_it_goes(load: Load) -> None:
    sent = SentLog()
    away = parse_server("http://no-such-host.invalid:8000#m1")
    failure(load(source=away, sent=sent, retries=0))
    assert sent.take() == (SentTo("no-such-host.invalid:8000", encrypted=False),)
    assert sent.take() == ()


def test_the_proxy_of_the_environment_is_not_asked_for_this_machine(
    server: ScriptedServer, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    with deaf_port() as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
        assert answer(load())[0] == "Hello, you"


def test_the_proxy_of_the_environment_is_asked_for_others(
    server: ScriptedServer, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", server.url.removesuffix("/v1"))
    assert answer(load(source=parse_server("http://models.invalid#m1")))[0] == "Hello, you"
    assert server.chats[0].path == "http://models.invalid/v1/chat/completions"


@pytest.mark.parametrize(
    ("proxy", "fact"),
    [("gopher://me:pw-1@proxy:1", "can't be used"), ("socks5://127.0.0.1:9", "proxy")],
)
def test_a_proxy_that_can_not_be_used_is_told_without_its_password(
    load: Load, monkeypatch: pytest.MonkeyPatch, proxy: str, fact: str
) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", proxy)
    error = failure(load(source=parse_server("http://models.invalid#m1"), retries=0))
    assert fact in error.message
    assert "pw-1" not in str(error)


def test_a_reader_that_takes_its_time_is_not_taken_for_a_silent_server(
    server: ScriptedServer, load: Load
) -> None:
    server.script = [streaming("One", " two")]
    stream = load(wait_seconds=1).stream(QUESTION, Sampling(), never)
    said = next(stream)
    time.sleep(1.5)
    assert said + "".join(stream) == "One two"


def test_no_threads_and_no_sockets_are_left(server: ScriptedServer, load: Load) -> None:
    process = psutil.Process()
    before = len([c for c in process.net_connections() if c.raddr])
    generator = load()
    answer(generator)
    generator.close()
    end = time.monotonic() + 60
    while any(t.name == "server" for t in threading.enumerate()) and time.monotonic() < end:
        time.sleep(0.01)
    ours = [c for c in process.net_connections() if c.raddr and c.status == "ESTABLISHED"]
    assert len(ours) <= before
    assert not any(thread.name == "server" for thread in threading.enumerate())


@pytest.mark.parametrize("kind", ["text/plain", "text/event-stream", "application/octet-stream"])
def test_an_answer_in_one_piece_is_taken_whatever_it_is_called(
    server: ScriptedServer, load: Load, kind: str
) -> None:
    body = json.dumps({"choices": [{"message": {"content": "All."}}]}, indent=1).encode()
    server.script = [lambda visit: visit.send(200, body, kind)]
    assert answer(load())[0] == "All."


def test_a_server_that_loads_its_model_is_waited_for(
    server: ScriptedServer, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "LOADING_PAUSE", 0.01)
    loading = refusing(503, {"error": {"message": "Loading model", "code": 503}})
    server.script = [*[loading] * 8, good]
    assert answer(load())[0] == "Hello, you"
    server.script = [loading]
    error = failure(load(wait_seconds=1))
    assert "is still loading the model" in error.message
    assert "servers.wait_seconds" in error.hint


def test_an_answer_without_anything_in_it_is_told(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(200, {})]
    assert "an answer with nothing in it" in failure(load()).message
    server.script = [streaming()]
    assert answer(load())[0] == "", "a model may choose to say nothing"


def test_a_model_that_thinks_and_stops_is_told(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("", reasoning_content="Let me see.")
        visit.end("stop")

    server.script = [say]
    assert "thought, and then said nothing" in failure(load()).message


@pytest.mark.parametrize(
    ("status", "error", "fact", "remedy"),
    [
        (405, {"detail": "Method Not Allowed"}, "has nothing at", "most end in /v1"),
        (200, {"error": "Unexpected endpoint or method. (POST /x)"}, "has nothing at", "/v1"),
        (404, {"error": {"message": "Model does not exist."}}, "has no model “m1”", "--at"),
        (204, b"", "with nothing of use (204)", "address"),
        (429, {"error": "slow down"}, "It asks to wait 3600 s", "Ask again later"),
        (503, b"<html>busy</html>", "failed (503)", "log"),
    ],
)
def test_what_servers_say_otherwise_is_told_with_its_remedy(
    server: ScriptedServer, load: Load, status: int, error: object, fact: str, remedy: str
) -> None:
    server.script = [refusing(status, error, retry_after="3600" if status == 429 else "0")]
    told = failure(load(retries=0))
    assert fact in told.message
    assert remedy in told.hint


def test_a_body_that_ends_before_its_length_is_told(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        visit.begin(content_length="9999")
        visit.piece("One")

    server.script = [say]
    stream = load().stream(QUESTION, Sampling(), never)
    assert next(stream) == "One"
    with pytest.raises(ModelError, match=r"The connection to .* broke"):
        next(stream)
    assert len(server.chats) == 1


def test_a_slow_first_word_is_waited_for(server: ScriptedServer, load: Load) -> None:
    def say(visit: Visit) -> None:
        time.sleep(0.8)  # it reads the prompt before it sends a head
        visit.begin()
        time.sleep(0.8)
        visit.piece("Late.")
        visit.end()

    server.script = [say]
    text, usage = answer(load(wait_seconds=1.5))
    assert text == "Late."
    assert usage.first_token_seconds > 1.5


def test_a_kept_connection_the_server_closed_meanwhile_costs_no_try(
    server: ScriptedServer, load: Load
) -> None:
    def good_then_closed(visit: Visit) -> None:
        good(visit)
        visit.handler.close_connection = True

    def dropped(visit: Visit) -> None:
        visit.handler.close_connection = True

    server.script = [good_then_closed, dropped, good]
    generator = load(retries=0)
    assert answer(generator)[0] == "Hello, you"
    client = generator._client
    line, _ = client._line()  # as after an answer that was read to its end
    client._busy.remove(line)
    client._idle.append(line)
    assert answer(generator)[0] == "Hello, you"
    assert len(server.chats) == 3
