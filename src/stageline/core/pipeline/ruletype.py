"""Rule types: what a rule of a condition declares about itself and what the validator, the API and the console read."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from stageline.core.pipeline.actiontype import Property

Kind = Literal["BEFORE_ENTRY", "ON_SUCCESS", "ON_FAILURE"]
KINDS: tuple[Kind, ...] = ("BEFORE_ENTRY", "ON_SUCCESS", "ON_FAILURE")


@dataclass(frozen=True)
class RuleType:
    """A provider of rules (``RuleType``), its configuration properties and how many artifacts it takes.

    ``timeout_minutes`` is how long a rule may take unless it says otherwise. ``kinds`` are the conditions that it may be used in;
    ``skips`` allows it in a condition whose result is SKIP. ``commands`` says whether it runs the commands of its declaration.
    """

    category: ClassVar[str] = "Rule"
    owner: ClassVar[str] = "AWS"

    provider: str
    version: str = "1"
    properties: tuple[Property, ...] = ()
    inputs: tuple[int, int] = (0, 0)
    timeout_minutes: int = 60
    kinds: tuple[Kind, ...] = KINDS
    skips: bool = False
    commands: bool = False
    entity_url: str = ""
    execution_url: str = ""

    @property
    def id(self) -> tuple[str, str, str, str]:
        """The four parts that name the type."""
        return (self.category, self.owner, self.provider, self.version)
