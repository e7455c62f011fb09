"""How much of a house one caller may take: sizes, times and numbers, from environment variables ``LIKA_LIMIT_*``."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE

Positive = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]


class Limits(BaseSettings):
    """Frozen. Bytes, seconds and counts; every answer that one of them brings about names it."""

    model_config = SettingsConfigDict(env_prefix="LIKA_LIMIT_", env_ignore_empty=True, extra="ignore", frozen=True)

    header_bytes: Positive = 32 * KIBIBYTE
    """Request line and headers; and all else of a request that is not its body (chunk sizes, trailers)."""
    target_bytes: Positive = 8 * KIBIBYTE
    """Path and query, as sent."""
    body_bytes: Positive = 4 * MEBIBYTE
    """A JSON body. It is parsed in memory as a whole; files are not, and have the next limit."""
    upload_bytes: Positive = 50 * MEBIBYTE
    json_depth: Annotated[int, Field(ge=1, le=200)] = 32
    """Arrays and objects within one another."""
    json_items: Positive = 10_000
    """Members and elements of a body, all levels together."""

    header_seconds: Seconds = 10.0
    """From a connection's first byte, or its opening, to the end of the headers."""
    body_seconds: Seconds = 20.0
    """From there to the end of the body, and one second more for every ``body_bytes_per_second`` received. Also how long
    an answer may stay unread."""
    body_bytes_per_second: Positive = 16 * KIBIBYTE

    connections: Positive = 1000
    """Above it a request is answered with 503; at twice as many no connection is taken."""
    connections_per_address: Positive = 256
    """The same for one client address. Behind a proxy all clients have the proxy's: set it as high as ``connections``."""
    uploads: Positive = 8
    """Bodies of more than ``LARGE_BODY`` at once, for one service."""
    uploads_per_account: Positive = 2
    exports: Positive = 4
    """Lists written to files at once, for one service."""
    exports_per_account: Positive = 1
    export_items: Positive = 200_000
    """Of one list in one file."""

    failed_sign_ins: Positive = 500
    """From one network address at once (of IPv6, from 64 bits of it); then so many a second as the next says. What fails with
    a genuine token that has ended is not among them."""
    failed_sign_ins_per_second: Rate = 10.0
    throttled_seconds: Annotated[float, Field(ge=0)] = 5.0
    """How long a throttled address waits for each refusal; its connection asks nothing more meanwhile."""
    requests: Positive = 6000
    """Of one account at once; then so many a second as the next says."""
    requests_per_second: Rate = 200.0
    costly_requests: Positive = 300
    """The same for what takes long: statements, histories, imports, exports, searches."""
    costly_requests_per_second: Rate = 3.0

    metrics_seconds: Annotated[float, Field(ge=0)] = 1.0
    """How long a page of figures serves."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses or networks, separated by commas, whose ``X-Forwarded-For`` is believed."""

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


LARGE_BODY = 64 * KIBIBYTE
"""Bytes that the server buffers of a body nobody reads; what is larger takes memory of its own."""
