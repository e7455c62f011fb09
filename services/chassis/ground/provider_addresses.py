"""Addresses of an identity provider and of other services: who stood in between could sign in as anybody, or read along."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_encrypted_or_here(address: str) -> bool:
    """Whether what goes to this address is encrypted on its way, or does not leave this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
