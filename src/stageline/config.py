"""Settings: read once at start from flags and from variables ``STAGELINE_…``, then frozen. Only ``app`` and ``cli`` see them."""

from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from stageline.core.quotas import Quotas

DEFAULTS = Quotas()


def default_data() -> Path:
    """Where data lies unless told otherwise."""
    return Path.home() / ".local" / "share" / "stageline"


class Settings(BaseSettings):
    """Everything that can be set. ``origin`` tells where each value came from."""

    model_config = SettingsConfigDict(env_prefix="STAGELINE_", frozen=True, extra="forbid")

    data: Path = Field(default_factory=default_data, description="The data folder: database, objects, repositories, keys.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(4566, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    account: str = Field("000000000000", pattern=r"^\d{12}$", description="The AWS account id of everything on this server.")
    region: str = Field(
        "us-east-1", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="The AWS Region of everything on this server."
    )
    database: str = Field("", description="The URL of a PostgreSQL database; empty: SQLite in the data folder.")
    builds: int = Field(4, ge=1, le=256, description="How many builds run at once.")
    actions: int = Field(16, ge=1, le=256, description="How many actions are started or polled at once.")
    sandbox: Literal["auto", "bubblewrap", "process"] = Field("auto", description="How build commands are confined.")
    tools: str = Field("", description="Folders, separated by colons, that builds may read besides the system's own.")
    action_types: str = Field("", description="A folder with descriptions of third-party action types, one JSON file each.")
    private_sources: bool = Field(
        True, description="Whether git sources may be at loopback and private addresses; link-local ones are always refused."
    )
    denials: int = Field(
        10_000, ge=0, le=1_000_000, description="How many refusals for want of permission `stageline why-denied` can tell about."
    )
    console_link: bool = Field(
        True, description="Whether `stageline up` prints a link that signs the administrator in to the console, once."
    )
    grace: float = Field(10.0, ge=0, description="Seconds that running work gets at shutdown.")

    history_days: int = Field(365, ge=1, description="Days for which the history of a pipeline keeps its executions.")
    polling_days: int = Field(
        30, ge=0, description="Days without an execution after which a pipeline follows its sources no longer; 0: never."
    )
    audit_days: int = Field(90, ge=1, description="Days for which the audit trail keeps its records; the chain's heads stay.")
    audit_reads: Literal["none", "management", "all"] = Field(
        "management", description="Which calls that only read are recorded; all: those of objects, log lines and polling too."
    )
    webhook_proxies: str = Field(
        "", description="Address ranges, separated by commas, whose X-Forwarded-For webhooks believe when they check an address."
    )
    webhook_repeats: bool = Field(False, description="Whether a webhook's delivery that comes again starts its pipeline again.")
    quota_pipelines: int = Field(DEFAULTS.pipelines, ge=1, description="Pipelines in all.")
    quota_polling_pipelines: int = Field(DEFAULTS.polling_pipelines, ge=1, description="Pipelines that follow their sources.")
    quota_webhooks: int = Field(DEFAULTS.webhooks, ge=1, description="Webhooks in all.")
    quota_custom_action_types: int = Field(DEFAULTS.custom_action_types, ge=1, description="Custom action types in all.")
    quota_stages: int = Field(DEFAULTS.stages, ge=2, description="Stages of a pipeline.")
    quota_stage_actions: int = Field(DEFAULTS.stage_actions, ge=1, description="Actions of a stage.")
    quota_parallel_actions: int = Field(DEFAULTS.parallel_actions, ge=1, description="Actions of a stage with one run order.")
    quota_sequential_actions: int = Field(DEFAULTS.sequential_actions, ge=1, description="Different run orders of a stage.")
    quota_pipeline_actions: int = Field(DEFAULTS.pipeline_actions, ge=2, description="Actions of a pipeline.")
    quota_variables: int = Field(DEFAULTS.variables, ge=1, le=50, description="Variables of a pipeline.")
    quota_triggers: int = Field(DEFAULTS.triggers, ge=1, le=50, description="Triggers of a pipeline.")
    quota_trigger_bytes: int = Field(DEFAULTS.trigger_bytes, ge=1, description="Bytes of a pipeline's triggers, as JSON.")
    quota_tags: int = Field(DEFAULTS.tags, ge=1, description="Tags of a pipeline, a webhook or a custom action type.")

    @field_validator("webhook_proxies")
    @classmethod
    def _ranges(cls, value: str) -> str:
        for each in value.split(","):
            ip_network(each.strip() or "::/0", strict=False)
        return value

    @property
    def quotas(self) -> Quotas:
        """All quotas as one value."""
        return Quotas(**{each.name: getattr(self, f"quota_{each.name}") for each in fields(Quotas)})

    @property
    def local_only(self) -> bool:
        """Whether the server listens on loopback alone."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    def origin(self, name: str) -> str:
        """Where a setting came from: ``default`` or ``set``."""
        return "set" if name in self.model_fields_set else "default"
