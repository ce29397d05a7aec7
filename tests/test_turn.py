"""A turn: routing, attachments, flags, errors and measurements."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.documents import Filters
from assistant.core.errors import DocumentError
from assistant.core.events import Done, Event, Failed, Measured, Routed, TextDelta
from assistant.core.messages import FileAttachment, Message, TextAttachment
from assistant.core.skills import Params, Route
from assistant.core.stopping import StoppedError
from assistant.core.turns import TurnRequest
from assistant.turn import TurnRunner
from tests.fakes import FakeSkill, FixedRouter, usage


def never() -> bool:
    return False


def no_documents(path: Path) -> str:
    raise DocumentError(f"{path} can't be read.", "Check the path.")


def run(request: TurnRequest, *skills: FakeSkill, router: FixedRouter | None = None) -> list[Event]:
    runner = TurnRunner(router or FixedRouter(), {s.name: s for s in skills}, no_documents)
    return list(runner.run(request, never))


def test_a_turn_is_routed_run_and_done_in_this_order() -> None:
    skill = FakeSkill(events=(TextDelta("a"), TextDelta("b")))
    routed, *deltas, done = run(TurnRequest("hello"), skill)
    assert isinstance(routed, Routed)
    assert routed.chain == ("generate",)
    assert deltas == [TextDelta("a"), TextDelta("b")]
    assert isinstance(done, Done)
    assert done.message == "ab"


def test_timings_tell_routing_first_text_and_the_whole() -> None:
    done = run(TurnRequest("hello"), FakeSkill(events=(TextDelta("a"), Measured(usage()))))[-1]
    assert isinstance(done, Done)
    route_ms, first_ms = done.timings.route_ms, done.timings.first_token_ms
    assert route_ms is not None
    assert first_ms is not None
    assert 0 <= route_ms <= first_ms <= done.timings.total_ms
    assert done.timings.usage == usage()


def test_route_only_runs_no_skill() -> None:
    skill = FakeSkill()
    events = run(TurnRequest("hello", route_only=True), skill)
    assert [type(e) for e in events] == [Routed, Done]
    assert skill.requests == []


def test_a_message_with_file_filters_is_routed_once_and_keeps_them() -> None:
    router, skill = FixedRouter(), FakeSkill()
    run(TurnRequest("how long?", filters=Filters(types=("pdf",))), skill, router=router)
    run(TurnRequest("how long?"), skill, router=router)
    assert router.filtered == [True, False]
    assert [r.params.filters.types for r in skill.requests] == [("pdf",), ()]


UNSURE = Route("generate", 0.48, 0.03, "", unsure=True)


def test_a_picture_that_is_not_there_fails_before_routing() -> None:
    skill = FakeSkill()
    (failed,) = run(TurnRequest("translate /tmp/none/menu.png"), skill)
    assert isinstance(failed, Failed)
    assert "/tmp/none/menu.png" in failed.message
    assert failed.hint
    assert skill.requests == []


def test_a_chosen_skill_may_be_given_the_path_of_a_missing_picture() -> None:
    skill = FakeSkill()
    run(TurnRequest("why does /tmp/none/a.png not open?", skill="generate"), skill)
    assert len(skill.requests) == 1


def test_in_doubt_a_turn_that_may_ask_ends_before_any_skill_runs() -> None:
    skill = FakeSkill()
    asked = run(TurnRequest("x", ask_if_unsure=True), skill, router=FixedRouter(UNSURE))
    assert [type(e) for e in asked] == [Routed, Done]
    assert isinstance(asked[0], Routed)
    assert asked[0].unsure
    assert skill.requests == []


def test_in_doubt_a_turn_that_may_not_ask_goes_on() -> None:
    skill = FakeSkill()
    run(TurnRequest("x"), skill, router=FixedRouter(UNSURE))
    assert len(skill.requests) == 1


def test_a_chosen_skill_overrules_the_router() -> None:
    chosen = FakeSkill("translate")
    run(TurnRequest("hello", skill="translate"), FakeSkill(), chosen)
    assert len(chosen.requests) == 1


def test_an_unknown_skill_fails_with_the_valid_ones() -> None:
    (failed,) = run(TurnRequest("hello", skill="fly"), FakeSkill(), FakeSkill("qa"))
    assert failed == Failed("There is no skill “fly”.", "The skills are: generate, qa.")


@pytest.mark.parametrize("text", ["", "   \n"])
def test_an_empty_message_fails_before_routing(text: str) -> None:
    (failed,) = run(TurnRequest(text), FakeSkill())
    assert isinstance(failed, Failed)
    assert "empty" in failed.message


def test_a_skill_that_fails_midway_keeps_what_it_said() -> None:
    skill = FakeSkill(error=DocumentError("The file is gone.", "Put it back."))
    events = run(TurnRequest("hello"), skill)
    assert events[1:] == [TextDelta("fine"), Failed("The file is gone.", "Put it back.")]


def test_an_unforeseen_exception_is_left_to_the_engine() -> None:
    with pytest.raises(ZeroDivisionError):
        run(TurnRequest("hello"), FakeSkill(error=ZeroDivisionError()))


def test_flags_overrule_what_the_router_read() -> None:
    router = FixedRouter(
        Route("generate", 1, 1, "", Params(payload="x", target="pt", collection="a"))
    )
    skill = FakeSkill()
    run(TurnRequest("hello", target="de"), skill, router=router)
    assert skill.requests[0].params == Params(payload="x", target="de", collection="a")


def test_history_and_cancellation_reach_the_skill() -> None:
    skill = FakeSkill()
    history = (Message("user", "before"),)
    run(TurnRequest("hello", history=history), skill)
    assert skill.requests[0].history == history
    assert skill.requests[0].cancelled() is False


def test_an_attached_file_arrives_as_its_text() -> None:
    skill = FakeSkill()
    runner = TurnRunner(FixedRouter(), {"generate": skill}, lambda path: f"text of {path.name}")
    request = TurnRequest("summarise", attachments=(FileAttachment("/tmp/notes.md"),))
    list(runner.run(request, never))
    assert skill.requests[0].message.attachments == (
        TextAttachment("notes.md", "text of notes.md"),
    )


def test_an_attached_file_that_cannot_be_read_fails_the_turn() -> None:
    request = TurnRequest("summarise", attachments=(FileAttachment("/nowhere"),))
    (failed,) = run(request, FakeSkill())
    assert failed == Failed("/nowhere can't be read.", "Check the path.")


def test_a_skill_that_takes_files_gets_their_paths_unread() -> None:
    skill = FakeSkill(accepts=frozenset({"image", "file"}))
    request = TurnRequest("transcribe", attachments=(FileAttachment("/scan.pdf"),))
    run(request, skill)  # reading would fail here
    assert skill.requests[0].message.attachments == (FileAttachment("/scan.pdf"),)


def test_files_are_read_for_other_skills_though_one_would_take_them() -> None:
    skill = FakeSkill()
    scanner = FakeSkill("read", accepts=frozenset({"image", "file"}))
    runner = TurnRunner(FixedRouter(), {"generate": skill, "read": scanner}, lambda path: "text")
    request = TurnRequest("summarise", attachments=(FileAttachment("/tmp/notes.md"),))
    list(runner.run(request, never))
    assert skill.requests[0].message.texts == ("text",)


class StoppedRouter(FixedRouter):
    """Its embedder is behind a server, and the person does not wait for it."""

    def route(self, *_: object, **__: object) -> Route:
        raise StoppedError


def test_a_turn_stopped_while_it_is_routed_is_no_failure() -> None:
    (done,) = run(TurnRequest("hello"), FakeSkill(), router=StoppedRouter())
    assert isinstance(done, Done)
    assert done.cancelled
    assert done.message == ""
