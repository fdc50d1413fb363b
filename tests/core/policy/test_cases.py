"""Every file of ``cases`` is one question and its answer."""

import json
from pathlib import Path

import pytest

from stageline.core.policy.evaluate import Bounds, evaluate
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import compile_policy

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci/Deploy"
CALLERS = {
    "root": Principal("root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, ACCOUNT),
    "user": Principal("user", f"arn:aws:iam::{ACCOUNT}:user/dev/alice", ACCOUNT, "AIDAEXAMPLEALICE00001"),
    "session": Principal("role", f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/s1", ACCOUNT, "AROAEXAMPLEDEPLOY0001:s1", ROLE),
    "federated": Principal("federated", f"arn:aws:sts::{ACCOUNT}:federated-user/bob", ACCOUNT, f"{ACCOUNT}:bob"),
    "service": Principal("service", "events.amazonaws.com", service="events.amazonaws.com"),
    "anonymous": Principal("anonymous", "anonymous", user_id="anonymous"),
}


def test_there_are_cases() -> None:
    assert len(CASES) >= 440


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = json.loads(path.read_text())
    bounds = Bounds(
        tuple(compile_policy(document) for document in case.get("identity", ())),
        compile_policy(case["boundary"]) if "boundary" in case else None,
        (compile_policy(case["session"]),) if "session" in case else None,
    )
    given = case.get("keys", {}).items()
    verdict = evaluate(
        CALLERS[case["caller"]],
        case["action"],
        case["resource"],
        {name.lower(): tuple(value) if isinstance(value, list) else value for name, value in given},
        bounds,
        resource_policy=compile_policy(case["resource_policy"], resource_side=True) if "resource_policy" in case else None,
        owner=case.get("owner", ""),
        trust=case.get("trust", False),
    )
    said = "allowed by" if verdict.allowed else "denied by" if verdict.explicit else ""
    found = f"{said} {verdict.source}" if said else f"{verdict.source} does not allow"
    assert found == case["expect"], case["about"]
