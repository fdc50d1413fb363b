"""What nobody signed, or signed wrongly, is recorded, and cannot fill the disk; nor can a trail that cannot be written."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httptools  # noqa: F401
import pytest
import urllib.request
from urllib.error import HTTPError

from stageline.ports.api import Caller, Context
from stageline.ports.audit.trail import Happening, Nature
from stageline.ports.store import StorageFull
from stageline.store.audit import floods, trail
from stageline.store.audit.anchor import Anchor
from stageline.store.sql import SqlStore
from stageline.testing.clock import FakeClock
from stageline.testing.harness import Key
