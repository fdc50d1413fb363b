"""Who may post to a webhook: whoever signs with its secret, whoever posts from its range of addresses, or everybody."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from stageline.ports.http import HttpRequest
from stageline.ports.store import Doc

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]
SIGNATURES = {
    "x-hub-signature-256": (re.compile(r"sha256=([0-9a-fA-F]{64})"), hashlib.sha256),
    "x-hub-signature": (re.compile(r"sha1=([0-9a-fA-F]{40})"), hashlib.sha1),
}
"""GitHub's headers: an algorithm and the HMAC of the raw body in hexadecimal. The second one is GitHub's older way."""


def networks(text: str) -> Networks:
    """Ranges of addresses, separated by commas; ValueError."""
    return tuple(ip_network(each.strip(), strict=False) for each in text.split(",") if each.strip())


def sender(request: HttpRequest, proxies: Networks) -> Address | None:
    """Where a request comes from; None when that is no address.

    It is the peer, whatever the request says about itself; but what a peer that is one of ``proxies`` says it forwards is
    believed, from the last hop backwards until one is no such proxy.
    """
    hops = [each for each in request.headers.get("x-forwarded-for", "").split(",") if each.strip()]
    found = _address(request.source_ip)
    while found is not None and hops and _within(found, proxies):
        found = _address(hops.pop())
    return found


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _within(address: Address, ranges: Networks) -> bool:
    return any(address in each for each in ranges)


def from_where(definition: Doc, request: HttpRequest, proxies: Networks) -> str:
    """Why the place that a request comes from is not one to post from; empty when it is."""
    if definition["authentication"] != "IP":
        return ""
    address, allowed = sender(request, proxies), definition["authenticationConfiguration"]["AllowedIPRange"]
    if address is None or not _within(address, networks(allowed)):
        return f"A delivery came from {address or 'nowhere'}, which is not in the AllowedIPRange {allowed}."
    return ""


def signed(definition: Doc, secret: bytes, headers: Mapping[str, str], body: bytes) -> str:
    """Why the signature of a body does not count; empty when it does, or none is asked for. All that are there must be right."""
    if definition["authentication"] != "GITHUB_HMAC":
        return ""
    given = {name: headers[name] for name in SIGNATURES if name in headers}
    if not secret or not given:
        return "A delivery had no signature. Set the SecretToken as the secret at the sender."
    verdicts = [_matches(name, value, secret, body) for name, value in given.items()]
    return "" if all(verdicts) else "The signature of a delivery was not made with the SecretToken over this body."


def _matches(name: str, value: str, secret: bytes, body: bytes) -> bool:
    pattern, algorithm = SIGNATURES[name]
    found = pattern.fullmatch(value)
    wanted = hmac.new(secret, body, algorithm).digest()
    return hmac.compare_digest(bytes.fromhex(found[1]) if found else b"", wanted)
