"""Why a request was refused, as a sealed message that only those with the permission can have opened.

The opened message has the form that AWS gives to its own: ``allowed``, ``explicitDeny``, ``matchedStatements``, ``failures`` and
``context`` with principal, action, resource and conditions.
"""

import json
import zlib
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.identity import Denial
from stageline.ports.vault import Vault

_CONTEXT = "sts.authorization-message"
_INVALID = "The message is not an encoded authorization message of this server."


def sealed(vault: Vault, denial: Denial) -> str:
    """The message of a denial."""
    return vault.seal(zlib.compress(json.dumps(_shown(denial), separators=(",", ":")).encode()), context=_CONTEXT)


def decode_authorization_message(ctx: Context, request: Request, *, vault: Vault) -> Response:
    """What a message says that this server gave with a refusal."""
    try:
        opened = zlib.decompress(vault.open(request["EncodedMessage"], context=_CONTEXT)).decode()
    except (ValueError, zlib.error) as error:
        raise ApiError("InvalidAuthorizationMessageException", _INVALID, 400) from error
    return {"DecodedMessage": opened}


def _shown(denial: Denial) -> dict[str, Any]:
    deciding = {"statementId": denial.statement, "effect": "DENY", "policy": denial.policy, "index": denial.index}
    keys = denial.keys.items()
    return {
        "allowed": False,
        "explicitDeny": denial.explicit,
        "matchedStatements": {"items": [deciding] if denial.explicit else []},
        "failures": {"items": [{"policyType": kind} for kind in denial.lacking]},
        "context": {
            "principal": {"id": denial.user_id, "arn": denial.principal},
            "action": denial.action,
            "resource": denial.resource,
            "conditions": {"items": [{"key": key, "values": {"items": _values(value)}} for key, value in keys]},
        },
    }


def _values(value: str | tuple[str, ...]) -> list[dict[str, str]]:
    return [{"value": each} for each in ((value,) if isinstance(value, str) else value)]
