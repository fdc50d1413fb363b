"""Where the server may connect to for somebody: never to link-local addresses, the metadata services of clouds among them."""

import ipaddress
from collections.abc import Iterator

_METADATA = frozenset(ipaddress.ip_address(each) for each in ("fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"))
_SHARED = ipaddress.ip_network("100.64.0.0/10")
_EMBEDDING = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96"))
"""Networks whose addresses end in an IPv4 address that the packets may go to in the end."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def refusal(address: str, *, private: bool = True) -> str:
    """Why a connection to an IP address is refused; empty when it is not. ``private``: whether loopback and private addresses
    may be connected to. An IPv4 address inside of an IPv6 address counts like itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is not an address"
    for each in _meant(found):
        if each.is_link_local or each in _METADATA:
            return f"{address} is a link-local or metadata address"
        if each.is_multicast or each.is_unspecified:
            return f"{address} is not the address of a host"
        if not private and (not each.is_global or each in _SHARED):
            return f"{address} is not a public address"
    return ""


def _meant(found: Address) -> Iterator[Address]:
    """The addresses that a connection may end up at."""
    if isinstance(found, ipaddress.IPv4Address):
        yield found
        return
    inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
    if any(found in network for network in _EMBEDDING) and found not in (ipaddress.ip_address("::1"), ipaddress.ip_address("::")):
        inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    yield from (each for each in inner if each is not None)
    if found.ipv4_mapped is None:
        yield found
