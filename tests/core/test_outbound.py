"""Addresses that nobody may make the server talk to."""

import pytest

from stageline.core.outbound import refusal


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "x",
    ],
)
def test_refused(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "93.184.216.34", "2606:2800:220:1::1"])
def test_allowed(address: str) -> None:
    assert refusal(address) == ""
