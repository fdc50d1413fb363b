"""Deliveries that have started something: one that comes again, under the same id, starts nothing again.

``codepipeline.delivery`` digest of the webhook's token/digest of the id → {execution, at}

Only the sender's id tells that two deliveries are one, and no signature covers it: whoever has seen a signed body can send it
under another id. What that starts fetches the head of the branch, as every start does, and nothing that the body names.
"""

import hashlib
from collections.abc import Mapping

from stageline.ports.store import ReadTx, WriteTx

KIND = "codepipeline.delivery"
LASTS = 3 * 24 * 3_600_000
"""As long as GitHub can deliver again."""
IDS = ("x-github-delivery", "idempotency-key", "x-request-uuid")
"""Where GitHub, GitLab and Bitbucket put the id of a delivery."""


def identity(headers: Mapping[str, str]) -> str:
    """The id that the sender gives a delivery, in a digest; empty when it gives none."""
    given = next((f"{name}:{headers[name]}" for name in IDS if headers.get(name)), "")
    return hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest() if given else ""


def known(tx: ReadTx, webhook: str, identity: str, now: int) -> str:
    """The execution that a delivery has started before; empty when it has started none."""
    row = tx.get(KIND, f"{webhook}/{identity}") if identity else None
    return str(row["execution"]) if row and now - row["at"] <= LASTS else ""


def remember(tx: WriteTx, webhook: str, identity: str, execution: str, now: int) -> None:
    """A delivery has started an execution."""
    if identity:
        tx.put(KIND, f"{webhook}/{identity}", {"execution": execution, "at": now})


def forget(tx: WriteTx, webhook: str) -> None:
    """Forget the deliveries of a webhook that is deleted."""
    for key, _ in tx.scan(KIND, f"{webhook}/"):
        tx.delete(KIND, key)
