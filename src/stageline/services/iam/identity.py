"""Who signs a request and what bounds them: the identity port over stored users, roles, keys and sessions.

Whatever is remembered between requests belongs to one generation of the stored data; each request reads the current
generation first, so a change takes effect from the next request on, in every server that shares the store.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from stageline.core.arn import parse
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.clock import Clock
from stageline.ports.identity import Assumption, Credential, Denials, NoDenials, Policies
from stageline.ports.store import Doc, ReadTx, Store
from stageline.ports.vault import Vault
from stageline.services.iam.credentials import fits
from stageline.services.iam.model import assuming, callers, managed, sessions
from stageline.services.iam.model.documents import parsed
from stageline.services.iam.model.entities import (
    CREDENTIALS,
    GIT_USERS,
    GROUP,
    KEYS,
    KEYS_USED,
    ROLE,
    ROLES_USED,
    USER,
    EntityKind,
    arn_of,
    by_id,
    find,
    generation,
)
from stageline.services.iam.signin import records

_log = structlog.get_logger("stageline.iam")
_USE_NOTED_EVERY = 300_000
_MOST_NOTED = 10_000
_NOBODY = {"salt": "", "hash": "0" * 64}


class StoredIdentity:
    """Implements ``ports.identity.Identity``."""

    def __init__(self, store: Store, clock: Clock, account: str, vault: Vault) -> None:
        self._store, self._clock, self._account, self._vault = store, clock, account, vault
        self._remembered: tuple[int, dict[str, Any]] = (-1, {})
        self._noted: dict[str, int] = {}
        self._role_of: dict[str, str] = {}
        self.denials: Denials = NoDenials()
        """Where refusals to assume a role are kept."""
        self.bonds: dict[str, Callable[[ReadTx, str], bool]] = {records.WORD: self._signed_in}
        """By the word before the colon of a bond: whether what a session is bound to goes on; told by whoever binds sessions."""

    def credential(self, access_key_id: str, session_token: str = "") -> Credential | None:
        """The credential of a key; a temporary one only with its token."""
        if access_key_id.startswith("ASIA"):
            return self._temporary(access_key_id, session_token)
        with self._store.read() as tx:
            memory = self._memory(tx)
            if access_key_id not in memory:
                found = self._long_lived(tx, access_key_id)
                if found is None:
                    return None  # not remembered: strangers could fill the memory with made-up keys
                memory[access_key_id] = found
        credential: Credential = memory[access_key_id]
        return credential

    def git_user(self, user_name: str, password: str) -> Caller | None:
        """The user of a Git user name and password; unknown names take as long as wrong passwords."""
        with self._store.read() as tx:
            owner = tx.get(GIT_USERS, user_name)
            doc = tx.get(CREDENTIALS, owner["id"]) if owner else None
            right = fits(doc or _NOBODY, password)
            user = tx.get(USER.kind, doc["user"]) if doc else None
        if not right or doc is None or user is None or doc["status"] != "Active":
            return None
        return callers.user(self._account, user, "")

    def policies(self, caller: Caller) -> Policies:
        """The policies in force; nothing at all for somebody who no longer exists."""
        if caller.kind not in ("user", "role"):
            return Policies()
        unique = caller.user_id.partition(":")[0]
        with self._store.read() as tx:
            memory = self._memory(tx)
            if unique not in memory:
                found = by_id(tx, unique)
                if found is None:
                    return Policies()
                memory[unique] = self._policies(tx, *found)
        policies: Policies = memory[unique]
        return replace(policies, session=parsed(caller.session_policy)) if caller.session_policy else policies

    def assume(self, ctx: Context, asked: Assumption) -> tuple[Credential, str]:
        """A session of a role for the caller, and the role's id."""
        if ctx.caller.kind == "root":
            raise ApiError("AccessDenied", "Roles may not be assumed by root accounts.", 403)
        policies = self.policies(ctx.caller)
        with self._store.read() as tx:
            role = self._role(tx, asked.role_arn)
            if role is None:
                self.denials.note(assuming.unknown_role(ctx, asked))
                raise assuming.denied(ctx.caller.arn, "sts:AssumeRole", asked.role_arn)
            assuming.require(tx, ctx, asked, role, policies, self.denials)
            assuming.check_chain(ctx, asked, role)
            policy = assuming.session_policy(tx, self._account, asked)
        handed_on = assuming.inherited(ctx.caller)
        before = ctx.caller.keys.get("aws:SourceIdentity", "")
        session = sessions.Session(
            "role",
            role["id"],
            ctx.now,
            ctx.now + asked.duration,
            name=asked.session_name,
            policy=policy,
            source_identity=asked.source_identity or (before if isinstance(before, str) else ""),
            tags={**asked.tags, **handed_on},
            transitive=tuple(dict.fromkeys((*handed_on, *asked.transitive))),
            bond=asked.bond or callers.bond(ctx.caller),
            origin=asked.origin or ctx.caller.person,
        )
        token = sessions.mint(self._vault, session)
        return self._credential(token, callers.role(self._account, role, token.access_key_id, session), session), role["id"]

    def session(self, caller: Caller, duration: int) -> Credential:
        """Temporary credentials with the caller's own rights."""
        now = self._clock.now()
        with self._store.read() as tx:
            found = by_id(tx, caller.user_id) if caller.kind == "user" else None
        if caller.kind not in ("user", "root") or (caller.kind == "user" and found is None):
            raise ApiError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        session = sessions.Session(
            "user" if found else "root", caller.user_id if found else "", now, now + duration, parent=caller.access_key_id
        )
        token = sessions.mint(self._vault, session)
        unique = token.access_key_id
        who = callers.user(self._account, found[1], unique, session) if found else callers.root(self._account, unique, session)
        return self._credential(token, who, session)

    def assume_as_service(
        self,
        role_arn: str,
        session_name: str,
        *,
        service: str,
        policy: str,
        duration: int,
        source_arn: str = "",
        bond: str = "",
        origin: str = "",
    ) -> Credential:
        """A session of a role for a service principal, no longer than the role permits."""
        with self._store.read() as tx:
            role = self._role(tx, role_arn)
        most = role["max_session"] * 1000 if role else duration
        least = min(duration, most)
        asked = Assumption(role_arn, session_name, least, policy=policy, source_arn=source_arn, bond=bond, origin=origin)
        region = source_arn.split(":")[3] if source_arn.count(":") >= 5 else ""
        caller = Caller("service", service, account=self._account)
        ctx = Context(caller, self._account, region, self._clock.now(), "", "", secure=True)
        return self.assume(ctx, asked)[0]

    def used(self, access_key_id: str, service: str, region: str) -> None:
        """Remember that a key or a role signed a request, at most every five minutes."""
        now = self._clock.now()
        role = self._role_of.get(access_key_id, "")
        unique = role or access_key_id
        if now - self._noted.get(unique, -_USE_NOTED_EVERY) < _USE_NOTED_EVERY:
            return
        if len(self._noted) >= _MOST_NOTED:
            self._noted.clear()
        self._noted[unique] = now
        use = {"date": now, "service": service, "region": region}
        try:
            with self._store.write() as tx:
                if role and by_id(tx, role):
                    tx.put(ROLES_USED, role, use)
                elif not role and tx.get(KEYS, access_key_id) is not None:
                    tx.put(KEYS_USED, access_key_id, use)
        except Exception as error:
            # A store that cannot be written to (a full disk) still answers reads; this note is not worth a refusal.
            _log.warning("last use of a key could not be noted", access_key_id=access_key_id, error=str(error))

    def _memory(self, tx: ReadTx) -> dict[str, Any]:
        """What is remembered of exactly the generation that ``tx`` sees."""
        current = generation(tx)
        seen, memory = self._remembered
        if seen != current:
            memory = {}
            self._remembered = (current, memory)
        return memory

    def _long_lived(self, tx: ReadTx, access_key_id: str) -> Credential | None:
        key = tx.get(KEYS, access_key_id)
        if key is None:
            return None
        user = tx.get(USER.kind, key["user"]) if key["user"] else None
        if key["user"] and user is None:
            return None
        caller = callers.user(self._account, user, access_key_id) if user else callers.root(self._account, access_key_id)
        secret = self._vault.open(key["secret"], context=f"{KEYS}/{access_key_id}").decode()
        return Credential(access_key_id, secret, caller, active=key["status"] == "Active")

    def _temporary(self, access_key_id: str, text: str) -> Credential | None:
        opened = sessions.read(self._vault, access_key_id, text)
        if opened is None:
            return None
        session, token = opened
        with self._store.read() as tx:
            caller = self._session_caller(tx, session, access_key_id)
            if caller and session.word == "role":
                if len(self._role_of) >= _MOST_NOTED:
                    self._role_of.clear()
                self._role_of[access_key_id] = session.unique
        return self._credential(token, caller, session) if caller else None

    def _session_caller(self, tx: ReadTx, session: sessions.Session, access_key_id: str) -> Caller | None:
        if session.parent:
            parent = tx.get(KEYS, session.parent)
            if parent is None or parent["status"] != "Active":
                return None
        if session.bond and not self._stands(tx, session.bond):
            return None
        if session.word == "root":
            return callers.root(self._account, access_key_id, session)
        found = by_id(tx, session.unique)
        if found is None:
            return None
        make = callers.role if session.word == "role" else callers.user
        return make(self._account, found[1], access_key_id, session)

    def _stands(self, tx: ReadTx, bond: str) -> bool:
        word, _, rest = bond.partition(":")
        return word in self.bonds and self.bonds[word](tx, rest)

    def _signed_in(self, tx: ReadTx, key: str) -> bool:
        return records.found(tx, key, self._clock.now()) is not None

    def _credential(self, token: sessions.Token, caller: Caller, session: sessions.Session) -> Credential:
        return Credential(token.access_key_id, token.secret, caller, token.text, session.expires)

    def _role(self, tx: ReadTx, role_arn: str) -> Doc | None:
        if parse(role_arn) is None:
            return None
        role = find(tx, ROLE, role_arn.rsplit("/", 1)[-1])
        return role if role is not None and arn_of(self._account, ROLE, role) == role_arn else None

    def _policies(self, tx: ReadTx, what: EntityKind, doc: Doc) -> Policies:
        holders = [doc]
        if what is USER:
            holders += [group for key in doc["groups"] if (group := tx.get(GROUP.kind, key)) is not None]
        documents: list[Mapping[str, Any]] = []
        names: list[str] = []
        for holder in holders:
            word = (what if holder is doc else GROUP).word
            documents += [parsed(text) for text in holder["inline"].values()]
            names += [f"the inline policy {name} of {word} {holder['name']}" for name in holder["inline"]]
            for arn in holder["attached"]:
                if policy := managed.lookup(tx, self._account, arn):
                    documents.append(parsed(managed.text_of(policy)))
                    names.append(f"{arn} of {word} {holder['name']}")
        found = Policies(tuple(documents), names=tuple(names), boundary_name=doc["boundary"])
        if not doc["boundary"]:
            return found
        boundary = managed.lookup(tx, self._account, doc["boundary"])
        # A boundary that cannot be read bounds everything away.
        return replace(found, boundary=parsed(managed.text_of(boundary))) if boundary else Policies()
