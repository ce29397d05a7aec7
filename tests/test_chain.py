"""Chains: checked before anything runs, run step by step, ended with what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assistant.chain import Chain
from assistant.core.documents import Passage, Place
from assistant.core.errors import AssistantError, ModelError, UsageError
from assistant.core.events import (
    Abstained,
    Carried,
    Done,
    Event,
    Failed,
    Notice,
    Planned,
    PlannedStep,
    Routed,
    Sources,
    StepDone,
    StepStarted,
    TextDelta,
)
from assistant.core.messages import ImageAttachment, Message, TextAttachment
from assistant.core.plans import Plan, Step, fits
from assistant.core.skills import Kind, Params, Route, Skill, SkillCard, SkillRequest
from assistant.core.stopping import StoppedError
from assistant.core.turns import TurnRequest
from assistant.turn import TurnRunner
from tests.fakes import FakeSkill, FixedRouter

PASSAGE = Passage("/a.pdf", "Thirty days.", Place(page=2), 0, 12, 0.9)
LOOK = Step("describe", "describe this")
PUT = Step("translate", "put it into Portuguese", Params(target="pt"), "previous")
ASK = Step("qa", "what about notice")


@dataclass
class Kinded(FakeSkill):
    """A fake with the kinds given, that may foresee an obstacle."""

    accepts: frozenset[Kind] = frozenset({"text"})
    produces: frozenset[Kind] = frozenset({"text"})
    foreseen: AssistantError | None = None

    @property
    def card(self) -> SkillCard:
        return SkillCard(self.name, "a fake", self.accepts, self.produces)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        return self.foreseen


def run(
    *steps: Step, skills: dict[str, Skill] | None = None, request: TurnRequest | None = None
) -> list[Event]:
    plan = Plan(steps)
    route = Route(steps[0].skill, 0.9, 0.9, "", steps[0].params, chain=plan.chain, plan=plan)
    names = {step.skill for step in steps}
    held = {name: FakeSkill(name) for name in names} | (skills or {})
    runner = TurnRunner(FixedRouter(route), held, str)
    return list(runner.run(request or TurnRequest("do it"), lambda: False))


def test_the_plan_is_told_then_every_step_then_the_end() -> None:
    look = FakeSkill("describe", (TextDelta("a cat"),))
    put = FakeSkill("translate", (TextDelta("um "), TextDelta("gato")))
    events = run(LOOK, PUT, skills={"describe": look, "translate": put})
    assert isinstance(events[0], Routed)
    assert events[0].chain == ("describe", "translate")
    assert events[1:-1] == [
        Planned((PlannedStep("describe"), PlannedStep("translate", "pt"))),
        StepStarted(0),
        TextDelta("a cat"),
        StepDone(0, "a cat"),
        StepStarted(1),
        TextDelta("um "),
        TextDelta("gato"),
        StepDone(1, "um gato"),
    ]
    assert isinstance(events[-1], Done)
    assert events[-1].message == "um gato"


def test_a_later_step_finds_the_output_before_as_attached_text() -> None:
    put = FakeSkill("translate")
    image = ImageAttachment("cat.png")
    request = TurnRequest("x", (image,), history=(Message("user", "before"),))
    look = FakeSkill("describe", (TextDelta("a cat"),))
    run(LOOK, PUT, skills={"describe": look, "translate": put}, request=request)
    assert look.requests[0].message == Message("user", "describe this", (image,))
    assert look.requests[0].history == request.history
    attached = TextAttachment("output of describe", "a cat")
    assert put.requests[0].message == Message("user", "put it into Portuguese", (attached,))
    assert put.requests[0].history == ()


def test_of_an_answer_from_documents_the_quotes_go_on() -> None:
    ask = FakeSkill(
        "qa", (Sources((PASSAGE,)), TextDelta("Your documents say: > Thirty days. [1]"))
    )
    put = FakeSkill("translate")
    run(ASK, PUT, skills={"qa": ask, "translate": put})
    assert put.requests[0].message.texts == ("Thirty days.",)


def test_what_a_skill_hands_on_itself_goes_before_all_else() -> None:
    ask = FakeSkill("qa", (Sources((PASSAGE,)), Carried("this"), TextDelta("that [1]")))
    put = FakeSkill("translate")
    run(ASK, PUT, skills={"qa": ask, "translate": put})
    assert put.requests[0].message.texts == ("this",)


def test_a_step_with_words_of_its_own_gets_the_message() -> None:
    own = Step("translate", "translate 'hi' into German", Params("hi", None, "de"), "message")
    put = FakeSkill("translate")
    run(LOOK, own, skills={"translate": put})
    assert put.requests[0].message.texts == ()
    assert put.requests[0].params.payload == "hi"


def test_weak_evidence_ends_the_chain_and_says_so() -> None:
    ask = FakeSkill("qa", (Abstained(0.1, ()), TextDelta("No clear answer.")))
    put = FakeSkill("translate")
    events = run(ASK, PUT, skills={"qa": ask, "translate": put})
    assert put.requests == []
    (notice,) = [e for e in events if isinstance(e, Notice)]
    assert "no clear answer" in notice.text
    assert isinstance(events[-1], Done)
    assert events[-1].message == "No clear answer."


def test_a_failing_step_is_named_and_what_was_said_stays() -> None:
    put = FakeSkill("translate", (), ModelError("No model.", "Pull one."))
    events = run(LOOK, PUT, skills={"translate": put})
    assert StepDone(0, "fine") in events
    assert events[-1] == Failed("Step 2 of 2 (translate): No model.", "Pull one.")


def test_a_step_that_says_nothing_ends_the_chain() -> None:
    events = run(LOOK, PUT, skills={"describe": FakeSkill("describe", ())})
    assert events[-1] == Failed("Step 1 of 2 (describe): It gave no text for the next step.")


def test_until_the_next_step_speaks_the_one_before_is_the_answer() -> None:
    events = run(LOOK, PUT, skills={"translate": FakeSkill("translate", ())})
    assert isinstance(events[-1], Done)
    assert events[-1].message == "fine"


def test_cancelled_it_ends_after_what_was_said() -> None:
    stop = False

    class Stopping(FakeSkill):
        def run(self, request: SkillRequest) -> Iterator[Event]:
            nonlocal stop
            yield TextDelta("half")
            stop = True

    put = FakeSkill("translate")
    skills: dict[str, Skill] = {"describe": Stopping("describe"), "translate": put}
    chain = Chain(Plan((LOOK, PUT)), skills, Message("user", "x"), TurnRequest("x"))
    assert list(chain.run(lambda: stop)) == [StepStarted(0), TextDelta("half")]
    assert put.requests == []


def test_stopped_in_the_midst_of_a_step_it_is_no_failure() -> None:
    class Stopped(FakeSkill):
        def run(self, request: SkillRequest) -> Iterator[Event]:
            yield TextDelta("half")
            raise StoppedError

    events = run(LOOK, PUT, skills={"describe": Stopped("describe")})
    assert isinstance(events[-1], Done)
    assert events[-1].cancelled


def test_flags_overrule_the_plan_the_language_the_last_step_that_has_one() -> None:
    look, put = FakeSkill("describe"), FakeSkill("translate")
    request = TurnRequest("x", target="de", labels=("cat",))
    run(LOOK, PUT, skills={"describe": look, "translate": put}, request=request)
    assert (look.requests[0].params.target, put.requests[0].params.target) == (None, "de")
    assert look.requests[0].params.labels == ("cat",)


def test_a_language_by_flag_is_for_the_step_that_translates() -> None:
    look, put = FakeSkill("describe"), FakeSkill("translate")
    plain = Step("translate", "translate it", Params(), "previous")
    worded = Step("describe", "describe this", Params(target="en"))
    request = TurnRequest("x", target="pt")
    run(worded, plain, skills={"describe": look, "translate": put}, request=request)
    assert (look.requests[0].params.target, put.requests[0].params.target) == ("en", "pt")


class TestImpossiblePlans:
    def test_too_many_steps_are_refused(self) -> None:
        events = run(LOOK, *[PUT] * 4)
        assert isinstance(events[-1], Failed)
        assert "5 steps; at most 4" in events[-1].message

    def test_a_step_that_cannot_take_what_it_gets_is_told(self) -> None:
        image_only = Kinded("describe", accepts=frozenset({"image"}))
        later = Step("describe", "describe it", Params(), "previous")
        events = run(Step("generate", "write"), later, skills={"describe": image_only})
        assert isinstance(events[-1], Failed)
        assert "it takes image and gets text" in events[-1].message
        assert events[-1].hint

    def test_what_a_skill_foresees_stops_the_chain_before_anything_runs(self) -> None:
        look = FakeSkill("describe")
        put = Kinded("translate", foreseen=ModelError("No model for it.", "Pull x."))
        events = run(LOOK, PUT, skills={"describe": look, "translate": put})
        failed = Failed("Step 2 of 2 (translate): No model for it.", "Pull x.")
        assert events[1:] == [
            Planned((PlannedStep("describe"), PlannedStep("translate", "pt")), failed),
            failed,
        ]
        assert look.requests == []

    def test_route_only_shows_the_plan_and_what_is_in_its_way(self) -> None:
        put = Kinded("translate", foreseen=UsageError("Not now.", "Later."))
        request = TurnRequest("x", route_only=True)
        _, planned, done = run(LOOK, PUT, skills={"translate": put}, request=request)
        assert isinstance(planned, Planned)
        assert planned.obstacle is not None
        assert planned.obstacle.hint == "Later."
        assert isinstance(done, Done)

    def test_a_step_for_a_skill_that_is_not_there_names_those_that_are(self) -> None:
        plan = Plan((LOOK, Step("fly", "fly")))
        route = Route("describe", 1, 1, "", chain=plan.chain, plan=plan)
        runner = TurnRunner(FixedRouter(route), {"describe": FakeSkill("describe")}, str)
        (failed,) = runner.run(TurnRequest("x"), lambda: False)
        assert failed == Failed("There is no skill “fly”.", "The skills are: describe.")


@pytest.mark.parametrize(
    ("produced", "accepted", "fit"),
    [
        ({"text"}, {"text"}, True),
        ({"quotes"}, {"text"}, True),
        ({"labels"}, {"text", "documents"}, True),
        ({"text"}, {"image"}, False),
        ({"text"}, {"documents"}, False),
    ],
)
def test_kinds_fit_where_text_is_read(produced: set[Kind], accepted: set[Kind], fit: bool) -> None:
    assert fits(produced, accepted) is fit
