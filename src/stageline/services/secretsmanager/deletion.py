"""Deleting secrets, after a time in which they can be taken back or at once."""

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Store
from stageline.services.secretsmanager import records
from stageline.services.secretsmanager.records import DAY, invalid

LEAST, MOST = 7, 30


def delete_secret(ctx: Context, request: Request, *, store: Store) -> Response:
    """Schedule the deletion of a secret, or delete it at once and for good."""
    force, days = request.get("ForceDeleteWithoutRecovery", False), request.get("RecoveryWindowInDays")
    if force and days is not None:
        raise invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
    if days is not None and not LEAST <= days <= MOST:
        raise invalid(f"The RecoveryWindowInDays value must be between {LEAST} and {MOST} days (inclusive).")
    if force:
        return _delete(ctx, request["SecretId"], store)
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        secret["deleted"] = ctx.now + (MOST if days is None else days) * DAY
        records.save(tx, secret)
    return {**records.identity(secret), "DeletionDate": secret["deleted"]}


def _delete(ctx: Context, secret_id: str, store: Store) -> Response:
    """A secret that is not there is no error, as it is in AWS."""
    with store.write() as tx:
        secret = records.find(tx, secret_id, ctx.now)
        if secret is None:
            name = secret_id.rpartition(":secret:")[2]
            arn = secret_id if secret_id.startswith("arn:") else records.new_arn(ctx, name)
            return {"ARN": arn, "Name": name, "DeletionDate": ctx.now}
        tx.lock(f"{records.SECRET}/{secret['name']}")
        records.remove(tx, records.find(tx, secret_id, ctx.now) or secret)
    return {**records.identity(secret), "DeletionDate": ctx.now}


def restore_secret(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take back the deletion of a secret; one that was not deleted stays as it is."""
    with store.write() as tx:
        secret = records.require(tx, ctx, request["SecretId"])
        tx.lock(f"{records.SECRET}/{secret['name']}")
        secret = records.require(tx, ctx, request["SecretId"])
        records.save(tx, {**secret, "deleted": None})
    return records.identity(secret)


def sweep(store: Store, now: int) -> int:
    """Forget the secrets whose time is over; returns how many."""
    with store.read() as tx:
        due = [name for name, doc in tx.scan(records.SECRET) if doc["deleted"] is not None and doc["deleted"] <= now]
    for name in due:
        with store.write() as tx:
            tx.lock(f"{records.SECRET}/{name}")
            found = tx.get(records.SECRET, name)
            if found is not None and found["deleted"] is not None and found["deleted"] <= now:
                records.remove(tx, found)
    return len(due)
