"""Settings: read once at start from flags and from variables ``STAGELINE_…``, then frozen. Only ``app`` and ``cli`` see them."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    grace: float = Field(10.0, ge=0, description="Seconds that running work gets at shutdown.")

    @property
    def local_only(self) -> bool:
        """Whether the server listens on loopback alone."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    def origin(self, name: str) -> str:
        """Where a setting came from: ``default`` or ``set``."""
        return "set" if name in self.model_fields_set else "default"
