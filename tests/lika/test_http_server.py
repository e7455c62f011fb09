"""The addresses of a process: its services on one, how they are on another; over TLS where there is a certificate."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

from lika import serve, up
from lika.http_server import CertificateUnusable, PortTaken, Server, require_usable_certificate
from services.chassis.ground.certificates import used_certificates
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.limits import Limits
from services.chassis.ground.security_log import SecurityLogUnusable
from services.chassis.ground.settings import Settings
from services.chassis.web.application import service_app
from services.chassis.web.connections import uvicorn_options
from services.chassis.web.operations_app import operations_app
from services.chassis.web.root import root_app
from services.chassis.web.routing import DeferredRouter
from tests.chassis.kafka.certificates import Authority
from tests.support.access import public_access
from tests.support.serving import serving

router = DeferredRouter()


@router.get("/hello")
async def hello() -> dict[str, str]:
    return {}


@asynccontextmanager
async def nothing(_: Any) -> Any:
    yield


async def well() -> bool:
    return True


@dataclass(frozen=True)
class Process:
    app: ASGIApp
    operations: ASGIApp


def process(limits: Limits) -> Process:
    small = service_app(name="small", title="Small", routers=[router], access=public_access(router))
    return Process(root_app({"small": small}, limits, nothing), operations_app([{"small.database": well}], limits))


@contextmanager
def running(settings: Settings, operations_port: int | None = 0) -> Iterator[tuple[str, str | None]]:
    server = Server(process(settings.limits), "127.0.0.1", 0, settings, operations_port)
    with server as url:
        yield url, server.operations_address


def test_figures_and_health_are_read_on_an_address_of_their_own(tmp_path: Path) -> None:
    with running(Settings(data_dir=tmp_path)) as (url, operations):
        assert operations is not None
        assert httpx.get(f"{operations}/health/live").json() == {"status": "up"}
        assert httpx.get(f"{operations}/health/ready").json() == {"status": "up"}
        assert "lika_build_info" in httpx.get(f"{operations}/metrics").text
        assert httpx.get(f"{operations}/small/hello").status_code == 404
        assert httpx.get(f"{url}/metrics").status_code == 404
        assert httpx.get(f"{url}/small/hello").status_code == 200


def test_when_a_certificate_ends_is_among_the_figures(tmp_path: Path) -> None:
    own = Authority.make(tmp_path / "ca.pem").issue(tmp_path / "own.pem", until=timedelta(days=3))
    settings = Settings(data_dir=tmp_path, tls_certfile=own, tls_keyfile=own, peers_ca_file=tmp_path / "away.pem")
    page = TestClient(operations_app([], Limits(), used_certificates(settings))).get("/metrics").text
    (until,) = re.findall(r'lika_certificate_ends_seconds{setting="LIKA_TLS_CERTFILE"} (\S+)', page)
    assert abs(float(until) - (SystemClock().now() + timedelta(days=3)).timestamp()) < 3600
    assert (
        'lika_certificate_ends_seconds{setting="LIKA_PEERS_CA_FILE"} NaN' in page
    )  # no file: nobody knows, and all else is told


@pytest.mark.parametrize("start", [lambda: serve.serve(serve.Name("registry"), 0), lambda: up.up(port=0)])
def test_a_security_log_that_cannot_be_written_is_told_before_a_database_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: Callable[[], None]
) -> None:
    monkeypatch.setenv("LIKA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LIKA_SECURITY_LOG", str(tmp_path))
    for module in (serve, up):
        monkeypatch.setattr(module, "stop_on_signals", lambda: None)
    monkeypatch.setattr(serve, "require_complete", lambda *_, **__: None)
    monkeypatch.setattr(serve, "service_apart", lambda *_, **__: pytest.fail("its database was opened"))
    monkeypatch.setattr(up, "databases", lambda *_, **__: pytest.fail("the databases were opened"))
    with pytest.raises(SecurityLogUnusable, match="LIKA_SECURITY_LOG"):
        start()


def test_a_port_of_operations_that_is_taken_names_its_setting(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTaken) as taken:
        Server(process(settings.limits), "127.0.0.1", 0, settings, other.getsockname()[1])
    assert "LIKA_OPERATIONS_PORT" in taken.value.message.en
    assert "LIKA_OPERATIONS_PORT" in taken.value.message.zh


def test_a_port_of_services_that_is_taken_is_told_before_any_of_them_runs(tmp_path: Path) -> None:
    ran: list[str] = []

    @asynccontextmanager
    async def running_services(_: Any) -> Any:
        ran.append("began")
        yield

    limits = Limits()
    apart = Process(root_app({}, limits, running_services), operations_app([], limits))
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTaken):
        Server(apart, "127.0.0.1", other.getsockname()[1]).__enter__()
    assert ran == []


def test_a_port_that_is_taken_keeps_a_service_from_touching_its_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKA_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(serve, "require_complete", lambda *_, **__: None)
    monkeypatch.setattr(serve, "service_apart", lambda *_, **__: pytest.fail("its database was opened"))
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTaken):
        serve.serve(serve.Name("registry"), other.getsockname()[1])


@pytest.mark.parametrize(
    ("set_to", "port", "operations"), [(None, 8000, 18000), (None, 0, 0), (None, 60000, 50000), (9, 8000, 9), (0, 8, 0)]
)
def test_operations_are_beside_the_services_unless_their_port_is_set(
    set_to: int | None, port: int, operations: int
) -> None:
    assert Settings(operations_port=set_to).operations_port_beside(port) == operations


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of this machine, signed by itself."""
    folder, key, now = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lika.test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def test_a_certificate_serves_tls_and_asks_for_it_from_then_on(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    settings = Settings(data_dir=tmp_path, tls_certfile=certificate[0], tls_keyfile=certificate[1])
    with running(settings, None) as (url, operations):
        assert (url.startswith("https://"), operations) == (True, None)
        answer = httpx.get(f"{url}/small/hello", verify=ssl.create_default_context(cafile=str(certificate[0])))
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/small/hello")
        with pytest.raises(httpx.HTTPError):
            httpx.get(url.replace("https", "http") + "/small/hello")


def test_a_trusted_proxy_says_whether_it_was_tls_and_nobody_else(tmp_path: Path) -> None:
    said = {"X-Forwarded-Proto": "https"}
    for proxies, asked_for in ((("127.0.0.1",), True), ((), False)):
        limits = Limits(trusted_proxies=proxies)
        with serving(process(limits).app, limits) as url:
            headers = httpx.get(f"{url}/small/hello", headers=said).headers
            assert ("strict-transport-security" in headers) is asked_for
    plain = TestClient(process(Limits()).app).get("/small/hello")
    assert "strict-transport-security" not in plain.headers


def test_files_that_serve_no_tls_are_said_at_the_start(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    for files in ((tmp_path / "none.pem", certificate[1]), (certificate[0], certificate[0])):
        settings = Settings(data_dir=tmp_path, tls_certfile=files[0], tls_keyfile=files[1])
        with pytest.raises(CertificateUnusable, match="LIKA_TLS_CERTFILE"):
            Server(process(settings.limits), "127.0.0.1", 0, settings)


def test_a_certificate_that_has_expired_is_said_at_the_start(tmp_path: Path) -> None:
    expired = Authority.make(tmp_path / "authority.pem").issue(tmp_path / "own.pem", until=timedelta(minutes=-1))
    settings = Settings(data_dir=tmp_path, tls_certfile=expired, tls_keyfile=expired)
    with pytest.raises(CertificateUnusable, match="expired on"):
        require_usable_certificate(settings)


def test_half_a_certificate_is_none() -> None:
    with pytest.raises(ValueError, match="belong together"):
        Settings(tls_certfile=Path("cert.pem"))
    assert uvicorn_options(Limits())["ssl_certfile"] is None
