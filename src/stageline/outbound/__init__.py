"""Connections that somebody else names the other end of: one way out, which looks where it leads."""

from stageline.outbound.connect import Refused, Way, connect
from stageline.outbound.gate import Gate

__all__ = ["Gate", "Refused", "Way", "connect"]
