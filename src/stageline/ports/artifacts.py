"""Where artifacts lie."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ArtifactLocation:
    """Where an artifact lies in the artifact store: an S3 object."""

    name: str
    bucket: str
    key: str
    revision: str = ""
