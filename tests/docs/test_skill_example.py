"""The package in docs/skills.md works as it stands there: installed, routed, chained, tested."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions, entry_points
from pathlib import Path
from typing import cast

import pytest

from assistant.core.events import StepDone
from assistant.core.messages import Message
from assistant.core.skills import Skill, SkillCard
from assistant.core.turns import TurnRequest
from assistant.language.messages.speech import Speech
from assistant.routing.router import SkillRouter
from assistant.turn import TurnRunner
from skills.registry import GROUP, Services, load_skills
from skills.summarise_card import CARD as SUMMARISE
from tests.fakes import FakeSkill, HashingEmbedder

PAGE = Path(__file__).parents[2] / "docs" / "skills.md"
_FILE = re.compile(r"^`(?P<name>[\w.]+)`\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages that holds the example as an installer would leave it."""
    for found in _FILE.finditer(PAGE.read_text("utf-8")):
        (tmp_path / found["name"]).write_text(found["text"], "utf-8")
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    info = tmp_path / f"assistant_count-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield tmp_path
    sys.modules.pop("assistant_count", None)


def counting(site: Path) -> dict[str, Skill]:
    found: list[Distribution] = list(distributions(path=[str(site)]))
    entries = [e for d in found for e in d.entry_points if e.group == GROUP]
    return load_skills(cast("Services", None), entries)


def test_the_page_holds_the_three_files(site: Path) -> None:
    assert {"pyproject.toml", "assistant_count.py", "test_count.py"} <= {
        path.name for path in site.iterdir()
    }


def test_its_errors_are_told_in_chinese(site: Path) -> None:
    assert (site / "assistant_count.py").exists()
    told = Speech("zh").tell("There are no words here.", "Paste a text, or attach a file.")
    assert told == "这里没有文字。请粘贴一段文字，或附上文件。"


def test_the_skill_is_about_forty_lines(site: Path) -> None:
    lines = (site / "assistant_count.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 40


def test_the_skill_is_found_beside_the_built_in_ones(site: Path) -> None:
    assert {"count", "generate", "summarise"} <= {e.name for e in entry_points(group=GROUP)}
    assert counting(site)["count"].card.name == "count"


def test_messages_like_its_examples_are_routed_to_it(site: Path, tmp_path: Path) -> None:
    cards = [counting(site)["count"].card, FakeSkill("generate").card, FakeSkill("translate").card]
    router = SkillRouter(HashingEmbedder, cards, lambda _: False, None, tmp_path / "cache")
    assert router.route(Message("user", "count the words in this text"), ()).skill == "count"


def test_it_works_as_a_step_of_a_chain(site: Path, tmp_path: Path) -> None:
    skills: dict[str, Skill] = {
        **counting(site),
        "generate": FakeSkill("generate"),
        "summarise": Summary("summarise"),
    }
    cards = [skill.card for skill in skills.values()]
    router = SkillRouter(HashingEmbedder, cards, lambda _: False, None, tmp_path / "cache")
    runner = TurnRunner(router, skills, str)
    events = list(
        runner.run(TurnRequest("summarise this and count the words: a b c"), lambda: False)
    )
    assert [e.text for e in events if isinstance(e, StepDone)] == ["fine", "1 words"]


def test_its_own_tests_pass(site: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_count.py"],
        cwd=site,
        env={**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


class Summary(FakeSkill):
    """Says "fine", with the card the router knows summaries by."""

    @property
    def card(self) -> SkillCard:
        return SUMMARISE
