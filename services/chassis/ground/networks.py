"""Which network an address belongs to, as far as limits are concerned."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address


@lru_cache(10_000)
def network_of(address: str) -> str:
    """What one subscriber has: an IPv4 address, or 64 bits of an IPv6 one. What is no address counts as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)
