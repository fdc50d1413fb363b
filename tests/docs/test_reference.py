"""The reference pages say what the code says."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from stageline.config import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stageline_docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_pages_are_those_that_the_code_gives(generator: ModuleType) -> None:
    assert generator.outdated() == [], "run: python docs/generate.py"


def test_an_outdated_page_is_noticed(generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generator.write(tmp_path)
    monkeypatch.setattr(generator, "FOLDER", tmp_path)
    (tmp_path / "settings.md").write_text((tmp_path / "settings.md").read_text().replace("4566", "4567"))
    (tmp_path / "cli.md").unlink()
    assert generator.outdated() == ["settings.md", "cli.md"]


def test_every_setting_is_on_the_page(generator: ModuleType) -> None:
    page = generator.settings_page()
    assert [name for name in Settings.model_fields if f"`STAGELINE_{name.upper()}`" not in page] == []


def test_every_topic_has_stories_and_every_story_is_on_the_page_once(generator: ModuleType) -> None:
    page = generator.scenarios_page()
    for path in (ROOT / "tests" / "scenarios" / "stories").iterdir():
        assert page.count(f"({path.relative_to(ROOT / 'tests').as_posix()})".replace("(", "(../../tests/")) == 1, path
    for topic in generator.TOPICS:
        rows = page.split(f"\n## {topic}\n")[1].split("\n## ")[0].strip().splitlines()
        assert len(rows) > 2, f"no story about {topic}"


def test_every_operation_is_on_the_page_once(generator: ModuleType) -> None:
    page = generator.operations_page()
    for service, (here, missing) in generator.implemented().items():
        assert here, service
        part = page.split(f"\n## {generator.TITLES.get(service, service)}\n")[1].split("\n## ")[0]
        named = [word for line in part.splitlines() for word in line.split(" · ") if word in {*here, *missing}]
        assert sorted(named) == sorted([*here, *missing])


def test_permissions_of_every_operation_are_on_the_page(generator: ModuleType) -> None:
    page = generator.permissions_page()
    for service, (here, _) in generator.implemented().items():
        part = page.split(f"\n## {generator.TITLES.get(service, service)}\n")[1].split("\n## ")[0]
        assert {line.split("`")[1] for line in part.splitlines() if line.startswith("| `")} == set(here)
    assert (
        "| `StartPipelineExecution` | `codepipeline:StartPipelineExecution` | `arn:aws:codepipeline:{region}:{account}:{name}`"
        in page
    )
    assert "| `CreatePipeline` | `iam:PassRole` | `{roleArn}` | `iam:PassedToService` |" in page
    assert "| `PutObject` | `s3:PutObjectTagging` when asked for | `arn:aws:s3:::{Bucket}/{Key}` |" in page
    assert "| `GetBucketPolicy` | `s3:GetBucketPolicy` | `arn:aws:s3:::{Bucket}` |" in page
