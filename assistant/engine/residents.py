"""Models that may leave memory between two uses, and come back for the next one."""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar, cast

from assistant.engine.lazy import Watch
from assistant.models.devices import Device, cpu
from assistant.models.giving_back import give_back_memory
from assistant.models.placement import Loaded, ModelNeed
from assistant.models.residency import Inmate, idle, leaving, unused

T = TypeVar("T")
_log = logging.getLogger("assistant.engine")


class _Closable(Protocol):
    def close(self) -> None: ...


class House:
    """Keeps an eye on what the models in memory hold, and unloads idle ones.

    Args:
        limit: bytes models may hold together; 0 = what is free on the machine, less a reserve.
        idle_seconds: models unused for so long leave; 0 = never.
        memory: looks at main memory.
        clock: seconds that only ever grow.
    """

    def __init__(
        self,
        limit: int = 0,
        idle_seconds: float = 0.0,
        *,
        memory: Callable[[], Device] = cpu,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._limit = limit
        self._idle_seconds = idle_seconds
        self._memory = memory
        self.clock = clock
        self._lock = threading.RLock()
        self._residents: dict[str, Resident[Any]] = {}
        self._keeper: threading.Thread | None = None

    def admit(self, newcomer: Resident[Any], need: ModelNeed, gpus: Sequence[Device] = ()) -> None:
        """Make room for a model that is about to load, as far as idle ones can make it.

        Args:
            gpus: those it could be placed on.
        """
        with self._lock:
            inmates = [r.inmate() for r in self._residents.values() if r is not newcomer]
            for name in leaving(need, inmates, self._memory(), self._limit, gpus):
                self._residents[name].unload()

    def enter(self, resident: Resident[Any]) -> None:
        """Note that a model is in memory."""
        with self._lock:
            self._residents[resident.name] = resident
            if self._idle_seconds and self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="idle", daemon=True)
                self._keeper.start()

    def leave(self, resident: Resident[Any]) -> None:
        """Note that a model left memory."""
        with self._lock:
            self._residents.pop(resident.name, None)

    def inmates(self) -> tuple[Inmate, ...]:
        """What is in memory now."""
        with self._lock:
            return tuple(resident.inmate() for resident in self._residents.values())

    def idle(self) -> tuple[Loaded, ...]:
        """What could leave, for placing a model on a GPU; not what is only loading."""
        with self._lock:
            there = [r.inmate() for r in self._residents.values() if r.loaded is not None]
        return idle(there)

    def unload(self, names: Iterable[str]) -> None:
        """Take models out of memory; those at work by now stay."""
        with self._lock:
            for resident in [self._residents[n] for n in names if n in self._residents]:
                resident.unload()

    def unload_unused(self) -> tuple[str, ...]:
        """Unload what has been idle for long enough; the names of what left."""
        with self._lock:
            names = unused(self.inmates(), self.clock(), self._idle_seconds)
            return tuple(name for name in names if self._residents[name].unload())

    def _keep(self) -> None:
        pause = threading.Event()
        while not pause.wait(max(1.0, min(60.0, self._idle_seconds / 4))):
            self.unload_unused()


class Resident(Generic[T]):
    """A model made when it is first needed; calling it gives something that behaves like the
    model, and stays valid when the model itself leaves memory and comes back.

    Args:
        name: tells it from the house's other residents.
        label: shown while it loads.
        make: loads it.
        need: what loading it takes.
        watch: told the label while it loads, and None when it is there (or failed).
        weightless: whether `make` costs nothing, the weights coming with the first call.
        gpus: lists those it could be placed on.
    """

    def __init__(
        self,
        name: str,
        label: str,
        make: Callable[[], T],
        need: Callable[[], ModelNeed],
        house: House,
        watch: Watch,
        *,
        weightless: bool = False,
        gpus: Callable[[], Sequence[Device]] = tuple,
    ) -> None:
        self.name = name
        self._label = label
        self._make = make
        self._need = need
        self._house = house
        self._watch = watch
        self._weightless = weightless
        self._gpus = gpus
        self._lock = threading.RLock()
        self._value: T | None = None
        self._admitted = False
        self._holds = 0
        self._users = 0
        self._used = 0.0

    def __call__(self) -> T:
        """Something that behaves like the model, which is loaded now unless it is weightless."""
        self._made()
        return cast("T", _Standing(self))

    @property
    def loaded(self) -> T | None:
        """The model itself if it is in memory."""
        return self._value

    def inmate(self) -> Inmate:
        """How it stands, for the decision which model leaves."""
        device = str(getattr(self._value, "device", "cpu"))
        first = device.replace("+", " ").split()[0] if device.strip() else "cpu"
        return Inmate(self.name, self._holds, self._used, busy=self._users > 0, device=first)

    def unload(self) -> bool:
        """Take it out of memory; False where it is at work, loading or not there."""
        if not self._lock.acquire(blocking=False):
            return False  # waiting could be for ever: whoever has it may wait for the house
        try:
            if self._users or self._value is None:
                return False
            value, self._value = self._value, None
            self._admitted = False
            if hasattr(value, "close"):
                cast("_Closable", value).close()
            del value
        finally:
            self._lock.release()
        self._house.leave(self)
        give_back_memory()
        _log.info("%s left memory", self._label)
        return True

    @contextmanager
    def use(self) -> Iterator[T]:
        """The model, which stays in memory for as long as this lasts."""
        with self._lock:
            value = self._made()
            self._admit()
            self._users += 1
        try:
            yield value
        finally:
            with self._lock:
                self._users -= 1
                self._used = self._house.clock()

    def peek(self, attribute: str) -> Any:
        """An attribute of the model, without the weights of one that is weightless."""
        return getattr(self._made(), attribute)

    def _made(self) -> T:
        with self._lock:
            if self._value is None:
                if not self._weightless:
                    self._admit()
                self._watch(self._label)
                try:
                    self._value = self._make()
                except BaseException:
                    self._house.leave(self)
                    self._admitted = False
                    raise
                finally:
                    self._watch(None)
            return self._value

    def _admit(self) -> None:
        if self._admitted:
            return
        need = self._need()
        self._holds = need.size.stored_bytes + need.working
        self._house.admit(self, need, () if need.portable else self._gpus())
        self._used = self._house.clock()
        self._house.enter(self)
        self._admitted = True


class _Standing:
    """Stands for a resident: its attributes are the model's, and a call keeps it in memory."""

    def __init__(self, resident: Resident[Any]) -> None:
        self.__resident = resident

    def __getattr__(self, name: str) -> Any:
        resident = self.__resident
        found = resident.peek(name)
        if not callable(found):
            return found
        if inspect.isgeneratorfunction(found):
            return lambda *args, **options: _streamed(resident, name, args, options)
        return lambda *args, **options: _called(resident, name, args, options)


def _called(
    resident: Resident[Any], name: str, args: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    with resident.use() as model:
        return getattr(model, name)(*args, **options)


def _streamed(
    resident: Resident[Any], name: str, args: tuple[Any, ...], options: dict[str, Any]
) -> Generator[Any, Any, Any]:
    """The model stays until the stream ends or is closed."""
    with resident.use() as model:
        return (yield from getattr(model, name)(*args, **options))
