"""The eventsourcing library as it comes, on a database of ours: what a floor is measured with."""

from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from services.chassis.postgres.accounts import SERVICE_SCHEMA, read_password


def stock_environment(conninfo: str, **more: str) -> dict[str, str]:
    """Settings by which the library connects as the service; its tables are the service's own."""
    where = conninfo_to_dict(conninfo)
    account = str(where["user"])
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(where["dbname"]),
        "POSTGRES_HOST": str(where["host"]),
        "POSTGRES_PORT": str(where["port"]),
        "POSTGRES_USER": account,
        "POSTGRES_PASSWORD": read_password(Path(str(where["passfile"])), account),
        "POSTGRES_SCHEMA": SERVICE_SCHEMA,
        **more,
    }
