"""A denial in AWS's words."""

from stageline.core.policy.evaluate import Verdict

_PLACES = {
    "identity": "an identity-based policy",
    "boundary": "a permissions boundary",
    "session": "a session policy",
    "resource": "a resource-based policy",
    "trust": "the role trust policy",
}
_MISSING = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "resource": "resource-based policy",
    "trust": "role trust policy",
}


def reason(verdict: Verdict, action: str) -> str:
    """Why, from ``because`` or ``with`` on."""
    if verdict.explicit:
        return f"with an explicit deny in {_PLACES[verdict.source]}"
    return f"because no {_MISSING[verdict.source]} allows the {action} action"


def denial(principal: str, action: str, resource: str, why: str = "") -> str:
    """The sentence for a refused action; ``*`` and nothing are not named as a resource, ``why`` comes from ``reason``."""
    place = f" on resource: {resource}" if resource not in ("", "*", '"*"') else ""
    return f"User: {principal} is not authorized to perform: {action}{place}{f' {why}' if why else ''}"
