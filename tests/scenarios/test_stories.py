"""Each story in ``stories/`` is a list of commands with the decisions that they lead to; UPDATE_STORIES=1 rewrites them."""

import importlib.util
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STORIES = sorted((HERE / "stories").glob("*.txt"))
_spec = importlib.util.spec_from_file_location("stage_teller", HERE / "stage_teller.py")
assert _spec
assert _spec.loader
stage_teller = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(stage_teller)


def told(text: str) -> str:
    teller = stage_teller.Teller()
    parts = []
    for block in text.strip().split("\n\n"):
        if block.startswith("#"):
            parts.append(block)
            continue
        commands = block.split("\n----")[0].split("\n")
        outcome = "\n".join(teller.tell(command) for command in commands)
        parts.append("\n".join(commands) + "\n----\n" + outcome)
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_goes_as_it_is_told(path: Path) -> None:
    text = path.read_text()
    now = told(text)
    if os.environ.get("UPDATE_STORIES"):
        path.write_text(now)
    assert now == path.read_text()
