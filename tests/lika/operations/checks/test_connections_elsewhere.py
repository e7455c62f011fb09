"""Certificates near their end, and addresses on which others can listen."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lika.operations.checks import connections_elsewhere
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.ground.certificates import NEAR, used_certificates
from services.chassis.ground.settings import Settings
from tests.chassis.kafka.certificates import Authority

DAY = timedelta(days=1)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("left", "state", "code"),
    [
        (NEAR + DAY, State.OK, "certificates_last"),
        (NEAR - DAY, State.WARNING, "certificate_ends_soon"),
        (-DAY, State.BROKEN, "certificate_ended"),
    ],
)
def test_a_certificate_is_warned_of_before_its_end(
    authority: Authority, tmp_path: Path, left: timedelta, state: State, code: str
) -> None:
    own = authority.issue(tmp_path / "own.pem", until=left)
    settings = Settings(data_dir=tmp_path, tls_certfile=own, tls_keyfile=own)
    finding = connections_elsewhere.certificates(Installation(settings))
    assert (finding.state, finding.code) == (state, code)
    assert state is State.OK or ("LIKA_TLS_CERTFILE" in finding.zh and str(own) in finding.en)


def test_each_file_that_the_settings_name_is_looked_at_and_the_first_to_end_is_told(
    authority: Authority, tmp_path: Path
) -> None:
    own = authority.issue(tmp_path / "own.pem", until=NEAR + DAY)
    named: Mapping[str, Any] = {
        "tls_certfile": own, "tls_keyfile": own, "peers_ca_file": authority.file,
        "kafka_bootstrap_servers": "kafka.example:9093", "kafka_security_protocol": "SSL",
        "kafka_ssl_cafile": authority.file, "kafka_ssl_certfile": own, "kafka_ssl_keyfile": own,
        "database_url": f"postgresql://db.example/x?sslrootcert={authority.file}&sslcert={own}",
    }  # fmt: skip
    settings = Settings(data_dir=tmp_path, **named)
    assert [used.setting for used in used_certificates(settings)] == [
        "LIKA_TLS_CERTFILE", "LIKA_PEERS_CA_FILE", "LIKA_KAFKA_SSL_CAFILE", "LIKA_KAFKA_SSL_CERTFILE",
        "DATABASE_URL sslrootcert", "DATABASE_URL sslcert",
    ]  # fmt: skip
    told = connections_elsewhere.certificates(Installation(settings))
    assert (told.state, "LIKA_PEERS_CA_FILE" in told.en) == (
        State.WARNING,
        True,
    )  # the authority's own lives for a week


def test_a_bundle_of_authorities_is_good_as_long_as_one_is(tmp_path: Path) -> None:
    first, second = Authority.make(tmp_path / "a.pem"), Authority.make(tmp_path / "b.pem")
    later = second.issue(tmp_path / "later.pem", until=NEAR + DAY)
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(first.file.read_bytes() + later.read_bytes())
    settings = Settings(data_dir=tmp_path, peers_ca_file=bundle)
    assert connections_elsewhere.certificates(Installation(settings)).state is State.OK


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.write_text("no certificate"), Path.resolve])
def test_a_file_that_is_no_certificate_is_named(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "ca.pem")
    settings = Settings(data_dir=tmp_path, peers_ca_file=tmp_path / "ca.pem")
    finding = connections_elsewhere.certificates(Installation(settings))
    assert (finding.state, finding.code) == (State.BROKEN, "certificate_unreadable")
    assert "LIKA_PEERS_CA_FILE" in finding.en


@pytest.mark.parametrize(
    ("peers", "told"),
    [
        ({}, "no_peers"),
        ({"registry": "http://127.0.0.1:8001", "audit": "https://10.0.0.4:8004"}, "peers_encrypted_or_here"),
        (
            {"registry": "http://10.0.0.1:8001", "audit": "http://audit.example", "vault": "https://v"},
            "peers_unencrypted",
        ),
    ],
)
def test_other_services_that_are_asked_in_the_clear_are_named(tmp_path: Path, peers: dict[str, str], told: str) -> None:
    finding = connections_elsewhere.peers(Installation(Settings(data_dir=tmp_path, peers=peers)))
    assert finding.code == told
    assert ("audit, registry" in finding.en) == (told == "peers_unencrypted")
