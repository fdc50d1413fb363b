"""The first start: the account's root gets its key, whose secret is shown this once."""

from stageline.ports.store import Store
from stageline.ports.vault import Vault
from stageline.services.iam.accesskeys import new_key
from stageline.services.iam.model.entities import KEYS, changing


def ensure_administrator(store: Store, vault: Vault, now: int) -> tuple[str, str]:
    """The administrator's key and secret: made when the account has no root key, else the oldest active one."""
    with store.read() as tx:
        found = sorted(
            (doc["created"], unique, doc["secret"])
            for unique, doc in tx.scan(KEYS)
            if not doc["user"] and doc["status"] == "Active"
        )
    if found:
        _, unique, sealed = found[0]
        return unique, vault.open(sealed, context=f"{KEYS}/{unique}").decode()
    with changing(store) as tx:
        return new_key(tx, vault, "", now)
