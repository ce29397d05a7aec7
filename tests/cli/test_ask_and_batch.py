"""`assistant ask` and `assistant batch` around a turn runner with fake skills."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.cli.ask import command as ask
from assistant.cli.batch import command as batch
from assistant.cli.context import Context
from assistant.cli.learning import tell_learning
from assistant.config import Places, Settings
from assistant.core.documents import Filters, Label, Passage, Place
from assistant.core.errors import ModelError, UsageError
from assistant.core.events import (
    Abstained,
    Alternative,
    Labelled,
    Measured,
    Notice,
    Sources,
    TextDelta,
)
from assistant.core.messages import ImageAttachment, Message
from assistant.core.plans import Plan, Step
from assistant.core.skills import Params, Route
from assistant.turn import TurnRunner
from tests.fakes import FakeSkill, FixedRouter, usage

PASSAGE = Passage("/docs/a.pdf", "It is forty-two.", Place(page=3), 10, 26, 0.9, "context")


@dataclass
class Bench:
    """Runs commands over the skills put into it."""

    places: Places
    skills: dict[str, FakeSkill] = field(default_factory=dict)
    router: FixedRouter = field(default_factory=FixedRouter)

    def put(self, skill: FakeSkill) -> FakeSkill:
        self.skills[skill.name] = skill
        return skill

    def ask(self, *arguments: str) -> Result:
        return CliRunner().invoke(ask, arguments, obj=self._context())

    def batch(self, text: str) -> tuple[int, list[dict[str, Any]]]:
        result = CliRunner().invoke(batch, input=text, obj=self._context())
        return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]

    def _context(self) -> Context:
        return Context(Settings(), self.places)


@pytest.fixture
def bench(places: Places, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(places)

    def build(_settings: Settings, _places: Places, _watch: object) -> SimpleNamespace:
        turns = TurnRunner(bench.router, bench.skills, str)
        return SimpleNamespace(turns=turns, router=bench.router, servers=tuple)

    monkeypatch.setattr("assistant.engine.wiring.build", build)
    bench.put(FakeSkill())
    return bench


def test_the_answer_goes_to_standard_output_and_nothing_else(bench: Bench) -> None:
    bench.put(FakeSkill(events=(TextDelta("for"), TextDelta("ty"), Notice("slow", "wait"))))
    result = bench.ask("how", "many?")
    assert result.stdout == "forty\n"
    assert result.stderr == "Note: slow wait\n"
    assert result.exit_code == 0


def test_words_of_the_question_need_no_quotes(bench: Bench) -> None:
    skill = bench.put(FakeSkill())
    bench.ask("what", "is", "this")
    assert skill.requests[0].message.text == "what is this"


def test_a_path_in_the_question_is_attached(bench: Bench, tmp_path: Path) -> None:
    image = tmp_path / "my cat.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n")
    skill = bench.put(FakeSkill())
    bench.ask(f"what is {image} about?")
    (request,) = skill.requests
    assert request.message.images == (str(image),)
    assert request.message.text == "what is about?"


def test_batch_opens_no_file_named_in_its_text(bench: Bench, tmp_path: Path) -> None:
    image = tmp_path / "cat.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n")
    skill = bench.put(FakeSkill())
    bench.batch(json.dumps({"text": f"what is {image}"}))
    assert skill.requests[0].message.attachments == ()


def test_doubt_is_told_with_the_other_skill(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    doubt = Route("generate", 0.48, 0.03, "", alternatives=(Alternative("qa", 0.45),), unsure=True)
    monkeypatch.setattr("tests.fakes.FixedRouter.route", lambda *_, **__: doubt)
    result = bench.ask("the numbers?")
    assert result.stdout == "fine\n"
    assert "may be for generate (48%) or qa (45%)" in result.stderr
    assert "-s qa" in result.stderr


def test_batch_never_asks(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    doubt = Route("generate", 0.48, 0.03, "", alternatives=(Alternative("qa", 0.45),), unsure=True)
    monkeypatch.setattr("tests.fakes.FixedRouter.route", lambda *_, **__: doubt)
    assert bench.batch('{"text":"a"}')[1][0]["text"] == "fine"


def test_images_labels_and_languages_reach_the_skill(bench: Bench) -> None:
    skill = bench.put(FakeSkill("describe"))
    bench.ask("x", "-i", "cat.jpg", "-s", "describe", "--labels", "cat, dog", "--to", "pt")
    (request,) = skill.requests
    assert request.message.attachments == (ImageAttachment("cat.jpg"),)
    assert request.params.labels == ("cat", "dog")
    assert request.params.target == "pt"


def test_a_failure_is_told_with_its_remedy_and_status_1(bench: Bench) -> None:
    bench.put(FakeSkill(error=ModelError("No model.", "Pull one.")))
    result = bench.ask("hello")
    assert result.stdout == "fine\n"
    assert result.stderr == "Error: No model.\nPull one.\n"
    assert result.exit_code == 1


def test_why_tells_the_choice_on_standard_error(bench: Bench) -> None:
    assert "[generate 90%: it says so]" in bench.ask("hello", "--why").stderr


def test_json_gives_the_whole_result(bench: Bench) -> None:
    bench.put(FakeSkill(events=(Sources((PASSAGE,)), TextDelta("42"), Measured(usage()))))
    result = json.loads(bench.ask("hello", "--json").stdout)
    assert result["text"] == "42"
    assert result["chain"] == ["generate"]
    assert result["sources"] == [
        {
            "path": "/docs/a.pdf",
            "page": 3,
            "line": None,
            "start": 10,
            "end": 26,
            "quote": "It is forty-two.",
            "score": 0.9,
        }
    ]
    assert result["timings"]["tokens_per_second"] == pytest.approx(usage().tokens_per_second)
    assert result["error"] is None


def test_batch_answers_every_line_in_order_and_keeps_ids(bench: Bench) -> None:
    status, results = bench.batch('{"text":"a","id":"x"}\n\n{"text":"b"}\n')
    assert status == 0
    assert [r["id"] for r in results] == ["x", 3]
    assert [r["text"] for r in results] == ["fine", "fine"]


def test_batch_goes_on_after_bad_lines_and_ends_with_status_1(bench: Bench) -> None:
    lines = ["{", '{"id":7}', '{"text":"a","colour":"red"}', "[]", '{"text":"ok"}']
    status, results = bench.batch("\n".join(lines))
    assert status == 1
    assert [r["error"] is None for r in results] == [False, False, False, False, True]
    assert results[1]["id"] == 7
    assert "colour" in results[2]["error"]["message"]
    assert "route_only" in results[2]["error"]["hint"]


def test_batch_survives_a_crashing_skill(bench: Bench) -> None:
    bench.put(FakeSkill("qa", error=ZeroDivisionError()))
    status, results = bench.batch('{"text":"a","skill":"qa"}\n{"text":"b"}\n')
    assert status == 1
    assert "ZeroDivisionError" in results[0]["error"]["message"]
    assert results[1]["error"] is None


def test_batch_passes_history_images_and_route_only(bench: Bench) -> None:
    skill = bench.put(FakeSkill())
    line = {
        "text": "a",
        "images": ["x.png"],
        "history": [{"role": "user", "text": "b"}],
        "target": "pt",
        "source": "en",
        "collection": "work",
    }
    bench.batch(json.dumps(line))
    _, results = bench.batch('{"text":"a","route_only":true}')
    (request,) = skill.requests
    assert request.message.images == ("x.png",)
    assert request.history == (Message("user", "b"),)
    assert (request.params.source, request.params.target) == ("en", "pt")
    assert request.params.collection == "work"
    assert results[0]["skill"] == "generate"
    assert results[0]["text"] == ""


def test_flags_say_which_documents_to_ask(bench: Bench) -> None:
    skill = bench.put(FakeSkill())
    flags = ["--in", "a.pdf", "--in", "b.pdf", "--type", "pdf"]
    bench.ask("x", *flags, "--after", "2024-01", "--before", "2024")
    (request,) = skill.requests
    assert request.params.filters == Filters(
        ("a.pdf", "b.pdf"), ("pdf",), "2024-01-01", "2024-12-31"
    )


def test_a_flag_that_cannot_be_read_is_said_before_anything_is_loaded(bench: Bench) -> None:
    skill = bench.put(FakeSkill())
    result = bench.ask("x", "--after", "soon")
    assert isinstance(result.exception, UsageError)
    assert "after:2024-06" in result.exception.hint
    assert skill.requests == []


def test_batch_takes_filters_as_an_object(bench: Bench) -> None:
    skill = bench.put(FakeSkill())
    filters = {"in": ["a.pdf"], "type": ["slides"], "after": "2024"}
    status, _ = bench.batch(json.dumps({"text": "x", "filters": filters}))
    assert status == 0
    assert skill.requests[0].params.filters == Filters(
        ("a.pdf",), ("pptx", "ppt", "odp"), "2024-01-01"
    )


def test_batch_goes_on_after_filters_that_cannot_be_read(bench: Bench) -> None:
    lines = ['{"text":"x","id":5,"filters":{"after":"soon"}}', '{"text":"y"}']
    status, results = bench.batch("\n".join(lines))
    assert status == 1
    assert results[0]["id"] == 5
    assert "soon" in results[0]["error"]["message"]
    assert results[1]["error"] is None


def test_batch_tells_labels_and_abstention(bench: Bench) -> None:
    events = (Labelled((Label("cat", 0.5),), "m"), Abstained(0.1, (PASSAGE,)))
    bench.put(FakeSkill(events=events))
    _, (result,) = bench.batch('{"text":"a"}')
    assert result["labels"] == [{"label": "cat", "score": 0.5}]
    assert result["abstained"] is True
    assert result["sources"][0]["quote"] == "It is forty-two."


class TestChains:
    """Look, then translate: the fake says "fine" at each step that has no events of its own."""

    @pytest.fixture(autouse=True)
    def _plan(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        plan = Plan(
            (Step("describe", "look"), Step("translate", "put", Params(target="pt"), "previous"))
        )
        route = Route("describe", 0.9, 0.9, "two", chain=plan.chain, plan=plan)
        bench.put(FakeSkill("describe", (Labelled((Label("cat", 0.5),), "m"), TextDelta("a cat"))))
        bench.put(FakeSkill("translate", (TextDelta("um gato"),)))
        monkeypatch.setattr(FixedRouter, "route", lambda *_args, **_options: route)

    def test_standard_output_has_the_last_step_the_rest_is_on_standard_error(
        self, bench: Bench
    ) -> None:
        result = bench.ask("x")
        assert result.stdout == "um gato\n"
        assert result.stderr == (
            "Plan: 1 describe → 2 translate (pt)\n— 1 describe —\na cat\n— 2 translate (pt) —\n"
        )

    def test_a_step_that_fails_is_told_under_what_was_said(self, bench: Bench) -> None:
        bench.put(FakeSkill("translate", (), ModelError("No model.", "Pull one.")))
        result = bench.ask("x")
        assert (result.stdout, result.exit_code) == ("", 1)
        assert "a cat\n" in result.stderr
        assert result.stderr.endswith("Error: Step 2 of 2 (translate): No model.\nPull one.\n")

    def test_the_result_lists_the_chain_and_every_step(self, bench: Bench) -> None:
        _, (result,) = bench.batch('{"text":"x"}')
        assert result["chain"] == ["describe", "translate"]
        assert result["text"] == "um gato"
        assert result["labels"] == [{"label": "cat", "score": 0.5}]
        assert result["steps"] == [
            {"skill": "describe", "target": None, "text": "a cat"},
            {"skill": "translate", "target": "pt", "text": "um gato"},
        ]
        assert result["obstacle"] is None

    def test_a_failed_chain_keeps_the_text_of_the_last_step_that_spoke(self, bench: Bench) -> None:
        bench.put(FakeSkill("translate", (), ModelError("No model.", "Pull one.")))
        _, (result,) = bench.batch('{"text":"x"}')
        assert result["text"] == "a cat"
        assert result["error"]["message"].startswith("Step 2 of 2")
        assert [step["text"] for step in result["steps"]] == ["a cat", None]


def test_only_learning_is_told_beforehand_and_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for what in ("the language model", "the router's examples", None):
        tell_learning(what)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Learning the router's examples; this is done once and takes up to a minute.\n"
