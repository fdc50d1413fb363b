"""Where the server may connect to for somebody: never to link-local addresses, the metadata services of clouds among them."""

import ipaddress

_METADATA = frozenset(ipaddress.ip_address(each) for each in ("fd00:ec2::254", "100.100.100.200", "168.63.129.16"))


def refusal(address: str) -> str:
    """Why a connection to an IP address is refused; empty when it is not."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is not an address"
    mapped = getattr(found, "ipv4_mapped", None)
    plain = mapped or found
    if plain.is_link_local or plain in _METADATA:
        return f"{address} is a link-local or metadata address"
    if plain.is_multicast or plain.is_unspecified:
        return f"{address} is not the address of a host"
    return ""
