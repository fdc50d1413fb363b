"""What a server leaves in its data folder for those who use it: the administrator's key and its own address.

Apart from ``app``, so that ``stageline env`` answers without loading the server.
"""

import json
from pathlib import Path
from typing import Any

ADMINISTRATOR = "administrator.json"
ENDPOINT = "endpoint"


def administrator(data: Path) -> dict[str, Any]:
    """The administrator's key as it was remembered; FileNotFoundError before the first start."""
    found: dict[str, Any] = json.loads((data / ADMINISTRATOR).read_text())
    return found


def endpoint(data: Path) -> str | None:
    """The address of the server that used the data folder last, or None."""
    file = data / ENDPOINT
    return file.read_text().strip() if file.exists() else None
