"""TLS to the database, by what the connection string says: the right certificate, an expired one, one of another CA."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.postgres.connecting import connecting
from services.chassis.postgres.databases import DatabaseUnavailable, make_databases
from tests.chassis.sample import enrolled, record
from tests.support.databases import Databases
from tests.support.tls_proxy import HOST, Authority, tls_before


@contextmanager
def elsewhere(conninfo: str, certificate: Path, trusted: Authority) -> Iterator[str]:
    """The same database, as of a server on another machine."""
    where = conninfo_to_dict(conninfo)
    unix_socket = Path(str(where["host"])) / f".s.PGSQL.{where['port']}"
    with tls_before(unix_socket, certificate) as port:
        yield make_conninfo(conninfo, host=HOST, port=port, sslmode="verify-full", sslrootcert=str(trusted.file))


def test_a_service_uses_its_database_over_tls(database: Callable[[str], str], tmp_path: Path) -> None:
    """Its leader, its readers and its listener: all by the one connection string."""
    trusted = Authority(tmp_path / "trusted.pem")
    with elsewhere(database("chassis"), trusted.issue(timedelta(days=1)), trusted) as url:
        with closing(Store("sample", url, SystemClock())) as store:
            record(store, enrolled(uuid4()))
            with store.reading() as reader, store.connect() as leader:
                assert (reader.pgconn.ssl_in_use, leader.pgconn.ssl_in_use) == (True, True)


@pytest.mark.parametrize(
    ("authority", "valid_for", "code"),
    [
        ("trusted", timedelta(days=-1), "database_certificate_expired"),
        ("stranger", timedelta(days=1), "database_certificate_refused"),
    ],
)
def test_a_certificate_that_is_not_valid_is_refused_and_explained(
    databases: Databases, tmp_path: Path, authority: str, valid_for: timedelta, code: str
) -> None:
    authorities = {name: Authority(tmp_path / f"{name}.pem") for name in ("trusted", "stranger")}
    certificate = authorities[authority].issue(valid_for)
    with elsewhere(databases.server.uri(), certificate, authorities["trusted"]) as url:
        with pytest.raises(DatabaseUnavailable, match="certificate verify failed") as told:
            make_databases(url, tmp_path / "keys", ["lika_elsewhere"])
        with pytest.raises(DatabaseUnavailable) as told_service, connecting("registry", url):
            psycopg.connect(url)
    assert (told.value.message.code, told_service.value.message.code) == (code, code)
    assert not (tmp_path / "keys").exists()


def test_what_only_encrypts_is_encrypted_all_the_same(database: Callable[[str], str], tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "stranger.pem")
    with elsewhere(database("chassis"), stranger.issue(timedelta(days=-1)), stranger) as url:
        where = {n: v for n, v in conninfo_to_dict(url).items() if n != "sslrootcert"}
        with psycopg.connect(make_conninfo("", **{**where, "sslmode": "require"})) as conn:
            assert conn.pgconn.ssl_in_use
