"""Models that leave memory when another needs it, or when nobody has used them for long."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import dataclass, field

import pytest

from assistant.core.errors import ModelMissingError
from assistant.engine.residents import House, Resident
from assistant.models.devices import Device
from assistant.models.placement import ModelNeed
from assistant.models.sizes import of_bytes

GB = 1_000_000_000
MACHINE = Device("cpu", "cpu", "a processor", 100 * GB, 100 * GB, 4)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class FakeModel:
    """Answers, streams, and notes that it was closed."""

    name: str
    device: str = "cpu"
    closed: list[str] = field(default_factory=list)

    def answer(self, text: str) -> str:
        return f"{self.name}: {text}"

    def stream(self, count: int) -> Generator[int, None, str]:
        yield from range(count)
        return "end"

    def close(self) -> None:
        self.closed.append(self.name)


@dataclass
class Shelf:
    """Makes residents of a house, and counts how often each was loaded."""

    house: House
    loads: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    watched: list[str | None] = field(default_factory=list)

    def put(self, name: str, gb: float, *, weightless: bool = False) -> Resident[FakeModel]:
        def make() -> FakeModel:
            self.loads.append(name)
            return FakeModel(name, closed=self.closed)

        return Resident(
            name,
            f"model {name}",
            make,
            lambda: ModelNeed(name, of_bytes(int(gb * GB)), portable=True),
            self.house,
            self.watched.append,
            weightless=weightless,
        )


def shelf(limit_gb: float, idle: float = 0.0, clock: Clock | None = None) -> Shelf:
    house = House(int(limit_gb * GB), idle, memory=lambda: MACHINE, clock=clock or Clock())
    return Shelf(house)


def test_a_model_loads_once_and_its_attributes_are_its_own() -> None:
    models = shelf(10)
    first = models.put("a", 1)
    assert (first().name, first().answer("hi"), models.loads) == ("a", "a: hi", ["a"])
    assert models.watched == ["model a", None]


def test_the_least_recently_used_idle_model_leaves_for_a_new_one() -> None:
    clock = Clock()
    models = shelf(10, clock=clock)
    a, b, c = models.put("a", 4), models.put("b", 4), models.put("c", 4)
    for now, resident in enumerate((a, b, a)):
        clock.now = now
        resident().answer("hi")
    c()
    assert models.closed == ["b"]
    assert [inmate.name for inmate in models.house.inmates()] == ["a", "c"]


def test_what_was_handed_out_stays_valid_and_loads_the_model_again() -> None:
    models = shelf(5)
    a, b = models.put("a", 4)(), models.put("b", 4)()
    assert models.closed == ["a"]
    assert a.answer("again") == "a: again"
    assert models.closed == ["a", "b"]
    assert models.loads == ["a", "b", "a"]
    assert b.name == "b"


def test_a_model_at_work_never_leaves() -> None:
    models = shelf(5)
    stream = models.put("a", 4)().stream(3)
    assert next(stream) == 0
    models.put("b", 4)()
    assert models.closed == []
    assert list(stream) == [1, 2]
    models.put("c", 4)()
    assert sorted(models.closed) == ["a", "b"]


def test_a_stream_keeps_its_result_and_lets_go_when_it_is_closed_early() -> None:
    models = shelf(5)
    a = models.put("a", 4)
    ended = a().stream(1)
    next(ended)
    with pytest.raises(StopIteration) as caught:
        next(ended)
    assert caught.value.value == "end"
    stopped = a().stream(5)
    next(stopped)
    assert not a.unload()
    stopped.close()
    assert a.unload()


def test_a_model_unused_for_long_leaves_and_one_used_stays() -> None:
    clock = Clock()
    models = shelf(10, idle=60, clock=clock)
    a, b = models.put("a", 1), models.put("b", 1)
    a(), b()
    clock.now = 50
    a().answer("hi")
    clock.now = 61
    assert models.house.unload_unused() == ("b",)
    assert models.closed == ["b"]


def test_without_an_idle_limit_nothing_leaves_by_itself() -> None:
    clock = Clock()
    models = shelf(10, clock=clock)
    models.put("a", 1)()
    clock.now = 1e9
    assert models.house.unload_unused() == ()


def test_a_weightless_model_takes_room_only_once_it_works() -> None:
    models = shelf(5)
    a, b = models.put("a", 4), models.put("b", 4, weightless=True)
    a()
    assert b().name == "b"
    assert models.closed == []
    b().answer("hi")
    assert models.closed == ["a"]


def test_a_model_larger_than_the_limit_is_loaded_all_the_same() -> None:
    models = shelf(5)
    models.put("small", 1)()
    assert models.put("huge", 50)().answer("hi") == "huge: hi"
    assert models.closed == ["small"]


def test_a_failure_is_tried_again_and_leaves_nothing_behind() -> None:
    outcomes: list[Exception | FakeModel] = [ModelMissingError("not here"), FakeModel("a")]
    house = House(memory=lambda: MACHINE)

    def make() -> FakeModel:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    need = ModelNeed("a", of_bytes(GB), portable=True)
    resident = Resident("a", "a", make, lambda: need, house, lambda _: None)
    with pytest.raises(ModelMissingError):
        resident()
    assert house.inmates() == ()
    assert resident().name == "a"


def test_a_gpu_holds_what_is_on_it_and_main_memory_does_not() -> None:
    models = shelf(5)
    a = models.put("a", 4)
    a()
    loaded = a.loaded
    assert loaded is not None
    loaded.device = "cuda:0 20/30+cpu"
    assert models.house.idle()[0].holds == (("cuda:0", 4 * GB),)
    models.put("b", 4)()
    assert models.closed == []


def test_what_goes_onto_a_gpu_pushes_nothing_out_of_main_memory() -> None:
    models = shelf(5)
    models.put("a", 4)()
    card = Device("cuda:0", "cuda", "a card", 24 * GB, 20 * GB)
    need = ModelNeed("b", of_bytes(4 * GB))
    Resident(
        "b",
        "b",
        lambda: FakeModel("b", device="cuda:0"),
        lambda: need,
        models.house,
        models.watched.append,
        gpus=lambda: [card],
    )()
    assert models.closed == []
    assert [m.device for m in models.house.inmates()] == ["cpu", "cuda:0"]


def test_a_model_that_is_loading_is_nothing_that_could_leave_for_it() -> None:
    house = House(memory=lambda: MACHINE)
    need = ModelNeed("a", of_bytes(GB), portable=True)
    idle_while_loading: list[object] = []

    def make() -> FakeModel:
        idle_while_loading.extend(house.idle())
        return FakeModel("a")

    Resident("a", "a", make, lambda: need, house, lambda _: None)()
    assert idle_while_loading == []
    assert [model.name for model in house.idle()] == ["a"]


def test_many_threads_that_push_one_another_out_all_finish() -> None:
    models = shelf(5)
    residents = [models.put(name, 4) for name in "abcd"]
    answers: list[str] = []

    def work(resident: Resident[FakeModel]) -> None:
        for _ in range(20):
            answers.append(resident().answer("hi"))
            assert len(list(resident().stream(3))) == 3

    threads = [threading.Thread(target=work, args=(r,), daemon=True) for r in residents * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "they wait for one another"
    assert sorted(set(answers)) == ["a: hi", "b: hi", "c: hi", "d: hi"]
    assert len(answers) == 20 * len(threads)
