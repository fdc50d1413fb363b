"""Action types: what a provider declares about itself and what the validator, the API and the console read."""

from dataclasses import dataclass
from typing import Literal

Category = Literal["Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute"]


@dataclass(frozen=True)
class Property:
    """One key of an action's configuration (``ActionConfigurationProperty`` in the model). ``choices`` are all values that it may
    have, if they can be named."""

    name: str
    required: bool = False
    secret: bool = False
    key: bool = False
    queryable: bool = False
    description: str = ""
    kind: Literal["String", "Number", "Boolean"] = "String"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActionType:
    """(category, owner, provider, version), its configuration properties and how many artifacts it takes and gives.

    ``timeout_minutes`` is the default action timeout of the CodePipeline quotas page.
    """

    category: Category
    owner: Literal["AWS", "ThirdParty", "Custom"]
    provider: str
    version: str = "1"
    properties: tuple[Property, ...] = ()
    inputs: tuple[int, int] = (0, 0)
    outputs: tuple[int, int] = (0, 0)
    timeout_minutes: int = 60
    v2_only: bool = False
    entity_url: str = ""
    revision_url: str = ""
    execution_url: str = ""
    configuration_url: str = ""
    output_variables: tuple[str, ...] = ()

    @property
    def id(self) -> tuple[str, str, str, str]:
        """The four parts that name the type."""
        return (self.category, self.owner, self.provider, self.version)
