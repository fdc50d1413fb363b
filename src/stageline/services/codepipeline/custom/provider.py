"""The provider of every action type that comes from outside: its work is a job that waits for a worker."""

import re
from collections.abc import Iterator, Mapping

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import TypeId
from stageline.engine import history
from stageline.ports.aws import Aws
from stageline.ports.provider import Failed, Job, Outcome, Provider, Rule, Running
from stageline.ports.store import Doc, Store
from stageline.ports.vault import Vault
from stageline.services.codepipeline.custom import definitions, jobs, links
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.custom.rules import CLIENT_ID, CLIENT_TOKEN

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class JobProvider:
    """Makes the job of an action run. Its results come through the API and wake the engine there; nothing is polled."""

    def __init__(self, stored: Doc, store: Store, vault: Vault) -> None:
        self.ACTION_TYPE: ActionType = definitions.action_type(stored)
        self._stored = stored
        self._store = store
        self._vault = vault

    def start(self, job: Job, aws: Aws) -> Outcome:
        """Offer the job to workers; called again, it finds the one that it has made."""
        with self._store.read() as tx:
            there = tx.get(jobs.OF_RUN, job.id)
        problem = None if there else self._problem(job)
        if problem:
            return Failed("ConfigurationError", problem)
        if there is None:
            self._begin(job)
        shown = links.shown(self.ACTION_TYPE, job.configuration)
        return Running("", links.filled(self.ACTION_TYPE.execution_url, shown), again=0)

    def poll(self, job: Job, external_id: str, aws: Aws) -> Outcome:
        """The worker has reported an external id before: it goes on."""
        return Running(external_id, again=0)

    def cancel(self, job: Job, external_id: str, aws: Aws) -> None:
        """Nothing to do: a job ends with its action run."""

    def _problem(self, job: Job) -> str:
        """Why no worker can be asked."""
        category, owner, provider, version = self.ACTION_TYPE.id
        named = f"The action type {category} {owner} {provider} version {version}"
        if self._stored["deleted"]:
            return f"{named} was deleted. Use another version in the pipeline, or create the type again."
        function = _executor(self._stored).get("lambdaExecutorConfiguration", {}).get("lambdaFunctionArn")
        if function:
            return (
                f"{named} is executed by the Lambda function {function}, and this server cannot execute functions for action "
                "types yet. Change its executor to JobWorker with UpdateActionType."
            )
        if owner == "ThirdParty" and not _UUID.fullmatch(job.configuration.get(CLIENT_ID, "")):
            return f"The {CLIENT_ID} of the action is not a client id, which is a UUID in lower case."
        return ""

    def _begin(self, job: Job) -> None:
        queryable = next((each.name for each in self.ACTION_TYPE.properties if each.queryable), "")
        query = job.configuration.get(queryable, "") if queryable else ""
        seconds = (self._stored["model"] or {}).get("executor", {}).get("jobTimeout", 0)
        with self._store.write() as tx:
            tx.lock(f"{jobs.OF_RUN}/{job.id}")
            started = tx.get(history.STARTED, job.id)
            if started is not None and tx.get(jobs.OF_RUN, job.id) is None:
                made = jobs.new(self._vault, job, started["uid"], query, seconds)
                jobs.begin(tx, {**made, **self._client(job)})

    def _client(self, job: Job) -> Doc:
        """Whose a third-party job is. The token outlives the configuration: late calls prove themselves as well."""
        if self.ACTION_TYPE.owner != "ThirdParty":
            return {}
        token = self._vault.seal(job.configuration[CLIENT_TOKEN], context=jobs.token_context(job.id))
        return {"client": job.configuration[CLIENT_ID], "token": token}


def _executor(stored: Doc) -> Doc:
    found: Doc = (stored["model"] or {}).get("executor", {}).get("configuration", {})
    return found


class Providers(Mapping[TypeId, Provider | Rule]):
    """The providers and rules that come with the server, and one for each stored action type, as it is now."""

    def __init__(self, built_in: Mapping[TypeId, Provider | Rule], catalog: Catalog, store: Store, vault: Vault) -> None:
        self._built_in = built_in
        self._catalog = catalog
        self._store = store
        self._vault = vault

    def __getitem__(self, kind: TypeId) -> Provider | Rule:
        """The provider of a type; KeyError when there is no such type."""
        if kind in self._built_in:
            return self._built_in[kind]
        stored = self._catalog.stored(kind)
        if stored is None:
            raise KeyError(kind)
        return JobProvider(stored, self._store, self._vault)

    def __iter__(self) -> Iterator[TypeId]:
        return iter(self._built_in)

    def __len__(self) -> int:
        return len(self._built_in)
