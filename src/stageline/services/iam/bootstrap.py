"""The first start: the account's root gets its key; every start finds it again."""

from stageline.ports.store import Doc, ReadTx, Store
from stageline.ports.vault import Vault
from stageline.services.iam.accesskeys import new_key
from stageline.services.iam.model.entities import KEYS, changing


def ensure_administrator(store: Store, vault: Vault, now: int) -> tuple[str, str]:
    """The administrator's key and secret: made when the account has no active root key, else the oldest one."""
    with store.read() as tx:
        found = _oldest(tx, vault)
    if found:
        return found
    with changing(store) as tx:
        # Looked up again under the lock: another server may have been first.
        return _oldest(tx, vault) or new_key(tx, vault, "", now)


def _oldest(tx: ReadTx, vault: Vault) -> tuple[str, str] | None:
    keys = [(doc["created"], unique, doc["secret"]) for unique, doc in tx.scan(KEYS) if _of_root(doc)]
    if not keys:
        return None
    _, unique, sealed = min(keys)
    return unique, vault.open(sealed, context=f"{KEYS}/{unique}").decode()


def _of_root(doc: Doc) -> bool:
    return not doc["user"] and doc["status"] == "Active"
