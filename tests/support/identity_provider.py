"""A real identity provider for tests: Keycloak, brought by Maven, with a realm of made-up accounts, on this machine."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

import services
from services.chassis.kafka.jars import jars, java
from tests.support.eventually import eventually
from tests.support.kafka import install_java_and_maven

POM = Path(__file__).parent / "keycloak" / "pom.xml"
CACHE = Path(services.__file__).parent.parent / "build" / "keycloak" / "jars"
REALM, CLIENT, SECRET, PASSWORD = "lika", "lika-console", "made-up-secret", "made-up-password"
REVIEWER, WITHOUT_POST = "reviewer-1", "visitor-1"
"""An account with a post, and one that has none."""
START_SECONDS = 900.0
"""It builds itself at its first start: half a minute on an idle machine."""


@dataclass
class Keycloak:
    """``stop`` and ``start`` let a test take it away; it remembers its sessions no longer then."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realms/{REALM}"

    @property
    def keys(self) -> str:
        return f"{self.issuer}/protocol/openid-connect/certs"

    def start(self) -> Self:
        address = ["--http-host=127.0.0.1", f"--http-port={self.port}", f"--hostname=http://127.0.0.1:{self.port}"]
        command = ["sh", "bin/kc.sh", "start-dev", "--db=dev-mem", "--import-realm", *address]
        environment = {**os.environ, "JAVA": java(), "JAVA_OPTS_KC_HEAP": "-Xmx512m"}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        eventually(self._answers, within=START_SECONDS)
        return self

    def stop(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # the shell, and Java below it
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "log").read_text()[-4000:]
        try:
            return httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def keycloak(console_url: str) -> Iterator[Keycloak]:
    """Running, for the console at that address. Fails, never skips, where it cannot be had."""
    install_java_and_maven()
    (archive,) = jars(CACHE, POM).glob("*.zip")
    with tempfile.TemporaryDirectory(prefix="lika-keycloak-") as folder:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
        (home,) = Path(folder).iterdir()
        imported = home / "data" / "import"
        imported.mkdir(parents=True)
        (imported / "realm.json").write_text(json.dumps(realm(console_url)))
        running = Keycloak(home, free_port())
        try:
            yield running.start()
        finally:
            running.stop()


def realm(console_url: str) -> dict[str, Any]:
    """As an administrator would import it: what Lika asks of a token (``roles``, ``division``, ``aud``), an account as its
    subject, and nothing else of a person."""
    profile = {
        "attributes": [
            {"name": "username"},
            {"name": "email"},
            {"name": "division", "permissions": {"view": ["admin"], "edit": ["admin"]}},
        ]
    }
    return {
        "realm": REALM, "enabled": True, "sslRequired": "none",
        "roles": {"realm": [{"name": "reviewer"}]},
        "components": {"org.keycloak.userprofile.UserProfileProvider": [
            {"providerId": "declarative-user-profile", "config": {"kc.user.profile.config": [json.dumps(profile)]}}
        ]},
        "users": [
            {**_user(REVIEWER), "attributes": {"division": ["990001"]}, "realmRoles": ["reviewer"]},
            _user(WITHOUT_POST),
        ],
        "clients": [{
            "clientId": CLIENT, "secret": SECRET, "enabled": True, "publicClient": False,
            "standardFlowEnabled": True, "directAccessGrantsEnabled": False, "fullScopeAllowed": True,
            "redirectUris": [f"{console_url}/console/provider/callback"],
            "attributes": {
                "pkce.code.challenge.method": "S256", "access.token.lifespan": "28800",
                "post.logout.redirect.uris": f"{console_url}/console/sign-in",
            },
            "defaultClientScopes": [], "optionalClientScopes": [],
            "protocolMappers": [
                _claim("sub", "oidc-usermodel-attribute-mapper", {"user.attribute": "username"}, in_id_token=True),
                _claim("roles", "oidc-usermodel-realm-role-mapper", {"multivalued": "true"}),
                _claim("division", "oidc-usermodel-attribute-mapper", {"user.attribute": "division"}),
                _claim("aud", "oidc-audience-mapper", {"included.custom.audience": "lika"}),
            ],
        }],
    }  # fmt: skip


def _user(account: str) -> dict[str, Any]:
    return {
        "username": account, "enabled": True, "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
    }  # fmt: skip


def _claim(name: str, mapper: str, more: dict[str, str], *, in_id_token: bool = False) -> dict[str, Any]:
    config = {
        "claim.name": name, "jsonType.label": "String", "access.token.claim": "true", "id.token.claim": str(in_id_token).lower(),
    }  # fmt: skip
    return {"name": name, "protocol": "openid-connect", "protocolMapper": mapper, "config": {**config, **more}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
