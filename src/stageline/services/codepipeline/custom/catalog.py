"""All action types of this server: those of the providers that it comes with, and those in the store."""

from collections.abc import Mapping

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.store import Doc, Store
from stageline.services.codepipeline.custom import definitions


class Catalog:
    """Looks types up, always as they are now. ``account`` is whose types of the integration model are offered; ``rules`` are the
    types of rules, which come with the server."""

    def __init__(
        self, built_in: Mapping[TypeId, ActionType], store: Store, account: str, rules: Mapping[TypeId, RuleType] | None = None
    ) -> None:
        self._built_in = built_in
        self._store = store
        self._account = account
        self._rules = rules or {}

    def get(self, kind: TypeId) -> ActionType | None:
        """A type that a pipeline may use, or None."""
        if kind in self._built_in:
            return self._built_in[kind]
        stored = self.stored(kind)
        return definitions.action_type(stored) if stored and self.offered(stored) else None

    def rule(self, kind: TypeId) -> RuleType | None:
        """A rule type, or None."""
        return self._rules.get(kind)

    def known(self, kind: TypeId) -> ActionType | None:
        """The same for a type that pipelines have: it may have been deleted since."""
        if kind in self._built_in:
            return self._built_in[kind]
        stored = self.stored(kind)
        return definitions.action_type(stored) if stored else None

    def stored(self, kind: TypeId) -> Doc | None:
        """The stored document of a type, deleted or not, or None."""
        with self._store.read() as tx:
            return definitions.find(tx, kind)

    def offered(self, stored: Doc) -> bool:
        """Whether a stored type is there for the pipelines of this account."""
        permissions = (stored["model"] or {}).get("permissions")
        allowed = permissions["allowedAccounts"] if permissions else ["*"]
        return not stored["deleted"] and ("*" in allowed or self._account in allowed)

    def built_in(self, kind: TypeId) -> bool:
        """Whether a type comes with the server."""
        return kind in self._built_in

    def values(self) -> list[ActionType]:
        """All types that a pipeline may use, by id."""
        with self._store.read() as tx:
            stored = [doc for _, doc in tx.scan(definitions.KIND)]
        found = [*self._built_in.values(), *(definitions.action_type(doc) for doc in stored if self.offered(doc))]
        return sorted(found, key=lambda each: each.id)

    def timeout(self, kind: TypeId) -> int:
        """Minutes that work of a type may take; asks nothing of the store, for the engine asks inside its transactions."""
        found = self._built_in.get(kind) or self._rules.get(kind)
        if found is not None:
            return found.timeout_minutes
        return definitions.TIMEOUT if kind[1] in ("Custom", "ThirdParty") else 60
