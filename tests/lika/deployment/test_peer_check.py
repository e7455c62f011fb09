"""Before a service starts its peers are asked: who is away keeps nobody from starting, who does not know the service does."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Router

from lika.deployment.peer_check import PeersRefuse, require_known_to, require_led_to
from services.chassis.ground.limits import Limits
from services.chassis.ground.settings import Settings
from services.chassis.security.access_table import AccessTable
from services.chassis.security.peers import Peers
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.verifier import Verifier
from services.chassis.web.access_api import access_router
from services.chassis.web.access_rows import DOCUMENTATION_ROWS, RUNTIME_ROWS
from services.chassis.web.application import service_app
from services.chassis.web.operations_app import operations_app
from tests.chassis.kafka.certificates import Authority
from tests.support.services import services_set
from tests.support.serving import serving

AUDIT = ServiceKey.generate("audit")
NOBODY = "http://127.0.0.1:9"


@contextmanager
def registry(folder: Path, *known: ServiceKey) -> Iterator[str]:
    """A registry that answers who may do what, and nothing else; its address."""
    settings = Settings(data_dir=folder, services_jwks_file=services_set(folder, known))
    rows = AccessTable(*DOCUMENTATION_ROWS, *(row for row in RUNTIME_ROWS if row.act == "read_access"))
    app = service_app(
        name="registry", title="Registry", routers=[access_router(rows)], access=rows,
        verifier=Verifier.of(settings, now=lambda: datetime.now(UTC), here=["registry"]),
    )  # fmt: skip
    with serving(Router([Mount("/registry", app)])) as url:
        yield url


@contextmanager
def asking(key: ServiceKey, **addresses: str) -> Iterator[Peers]:
    with Peers(key, addresses) as peers:
        yield peers


def test_a_peer_that_knows_the_service_is_content_and_one_that_is_away_is_named(tmp_path: Path) -> None:
    with registry(tmp_path, AUDIT) as url, asking(AUDIT, registry=url, monitoring=NOBODY) as peers:
        assert require_known_to(peers, ["registry", "monitoring"]) == ["monitoring"]


def test_a_peer_that_does_not_know_the_key_keeps_the_service_from_starting(tmp_path: Path) -> None:
    with registry(tmp_path) as url, asking(AUDIT, registry=url) as peers:
        with pytest.raises(PeersRefuse) as refused:
            require_known_to(peers, ["registry"])
    message = refused.value.message
    assert url in message.zh
    assert "LIKA_SERVICES_JWKS_FILE" in message.zh
    assert "LIKA_SERVICES_JWKS_FILE" in message.en


def test_an_address_that_leads_elsewhere_keeps_it_from_starting(tmp_path: Path) -> None:
    with registry(tmp_path, AUDIT) as url, asking(AUDIT, assistance=url) as peers:
        with pytest.raises(PeersRefuse, match="does not lead to the service assistance"):
            require_known_to(peers, ["assistance"])


def test_a_key_of_the_same_name_that_is_another_does_not_do(tmp_path: Path) -> None:
    with registry(tmp_path, AUDIT) as url, asking(ServiceKey.generate("audit"), registry=url) as peers:
        with pytest.raises(PeersRefuse, match="LIKA_SERVICE_KEY_FILE"):
            require_known_to(peers, ["registry"])


def test_the_console_is_told_where_an_address_leads_elsewhere_and_starts_while_a_service_is_away(
    tmp_path: Path,
) -> None:
    with serving(Router([Mount("/registry", operations_app([], Limits()))])) as url:
        assert require_led_to({"registry": url, "audit": NOBODY}, ["registry", "audit"], None) == ["audit"]
        with pytest.raises(PeersRefuse, match="LIKA_PEERS"):
            require_led_to({"registry": url, "audit": url}, ["registry", "audit"], None)


@pytest.mark.parametrize(
    ("issued", "trusted", "told"),
    [
        ({"until": timedelta(days=-1)}, True, "out of its period of validity"),
        ({"address": "127.0.0.2"}, True, "names another address"),
        ({}, False, "LIKA_PEERS_CA_FILE"),
    ],
    ids=["expired", "of another", "of no authority"],
)
def test_a_peer_whose_certificate_will_not_do_is_not_taken_for_one_that_is_away(
    tmp_path: Path, issued: dict[str, Any], trusted: bool, told: str
) -> None:
    authority = Authority.make(tmp_path / "authority.pem")
    with (
        tls_only(authority.issue(tmp_path / "peer.pem", **issued)) as url,
        Peers(AUDIT, {"registry": url, "monitoring": NOBODY}, authority.file if trusted else None) as peers,
        pytest.raises(PeersRefuse, match=told),
    ):
        require_known_to(peers, ["registry", "monitoring"])


@contextmanager
def tls_only(certificate: Path) -> Iterator[str]:
    """Somebody who greets with this certificate, and is asked nothing after that; the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
