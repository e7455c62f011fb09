"""The identity provider at which people sign in to the web console (OpenID Connect), from variables ``LIKA_OIDC_*``."""

from typing import Self

from pydantic import Field, FilePath, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.ground.provider_addresses import is_encrypted_or_here


class OidcSettings(BaseSettings):
    """Frozen. Without ``issuer`` there is no sign-in at a provider."""

    model_config = SettingsConfigDict(
        env_prefix="LIKA_OIDC_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    issuer: str | None = None
    """Its endpoints are read from ``/.well-known/openid-configuration`` there (OpenID Connect Discovery 1.0)."""
    client_id: str | None = None
    client_secret_file: FilePath | None = None
    """A file (0600) with the client's secret; without it the console is a public client, which PKCE alone protects."""
    scope: str = Field(default="openid", pattern=r"^openid( [!#-\[\]-~]+)*$")
    console_url: str | None = Field(default=None, pattern=r"^https?://[^/?#\s]+$")
    """Address at which browsers see the house, without a path: the provider sends them back to
    ``CONSOLE_URL/console/provider/callback``, and after a sign-out to ``CONSOLE_URL/console/sign-in``."""

    @field_validator("issuer", "console_url")
    @classmethod
    def _is_encrypted_on_its_way(cls, value: str | None) -> str | None:
        if value is not None and not is_encrypted_or_here(value):
            raise ValueError("it begins with https://, unless it is on this machine")
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.issuer and not (self.client_id and self.console_url):
            raise ValueError("LIKA_OIDC_ISSUER, LIKA_OIDC_CLIENT_ID and LIKA_OIDC_CONSOLE_URL belong together")
        return self
