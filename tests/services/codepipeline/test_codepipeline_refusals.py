"""Every error that AWS's model declares for an operation that is built is met by a test, or a reason says why it never comes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import get_session

from stageline.testing.pipelines import action, refused, source, stage

DATA = Path(__file__).parents[3] / "docs" / "reference" / "codepipeline"
MODEL = get_session().get_service_model("codepipeline")
DECLARED = {name: {shape.name for shape in MODEL.operation_model(name).error_shapes} for name in MODEL.operation_names}
BESIDE_THE_MODEL = {"AccessDeniedException", "NotImplementedException", "RequestEntityTooLargeException"}
UNDECLARED = {
    "CreateCustomActionType": {"ActionTypeAlreadyExistsException"},
    "UpdatePipeline": {"PipelineNotFoundException"},
}


@pytest.fixture(scope="module")
def met() -> dict[str, set[str]]:
    return {name: set(codes) for name, codes in json.loads((DATA / "refusals.json").read_text()).items()}


@pytest.fixture(scope="module")
def unmet() -> set[tuple[str, str]]:
    given = yaml.safe_load((DATA / "unmet.yaml").read_text())
    assert all(each["reason"] for each in given)
    return {(operation, each["error"]) for each in given for operation in each["operations"]}


@pytest.fixture
def built(world: Any) -> set[str]:
    return {each.model.name for each in world.server.app.gateway.registry if each.service == "codepipeline"}


def test_every_declared_error_is_met_or_has_a_reason(
    built: set[str], met: dict[str, set[str]], unmet: set[tuple[str, str]]
) -> None:
    pairs = {(name, code) for name in built for code in DECLARED[name]}
    reached = {(name, code) for name, codes in met.items() for code in codes}
    assert sorted(pairs - reached - unmet) == [], "write a test that meets it, then: pytest … --write-refusals"
    assert sorted(reached & unmet) == [], "it is met: take it out of unmet.yaml"


def test_no_error_is_met_that_the_model_does_not_know(met: dict[str, set[str]], unmet: set[tuple[str, str]]) -> None:
    strange = {name: codes - DECLARED[name] - BESIDE_THE_MODEL - UNDECLARED.get(name, set()) for name, codes in met.items()}
    assert {name: codes for name, codes in strange.items() if codes} == {}
    assert {(name, code) for name, code in unmet if code not in DECLARED[name]} == set()


def test_nobody_without_permission_is_let_in_anywhere(built: set[str], met: dict[str, set[str]]) -> None:
    assert sorted(name for name in built if "AccessDeniedException" not in met.get(name, ())) == []


def test_every_built_operation_is_described(built: set[str]) -> None:
    described = yaml.safe_load((DATA / "operations.yaml").read_text())["operations"]
    assert sorted(described) == sorted(built)
    assert [name for name, each in described.items() if not each["shows"] or each["differs"] is None] == []


def test_refusals_of_names(make: Any) -> None:
    client = make(source(), stage("Build", action("A"))).client
    for call in (client.delete_pipeline, client.get_pipeline_state):
        for name in ("", "a b", "x" * 101, "é", "a/b", "a\n"):
            assert "at 'name' failed to satisfy constraint" in refused("ValidationException", call, name=name)
        assert "Member must not be null" in refused("ValidationException", call)
