"""A connection that breaks between a commit and its answer: whether the commit got through cannot be told from here."""

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from services.chassis.log import session
from services.chassis.log.pipeline import Pipeline, Rows
from services.chassis.log.store import Store


class Silent(Pipeline):
    """The backend is gone after the first commit, before anybody hears of it; once."""

    armed = False

    def run(self) -> list[Rows]:
        rows = super().run()
        # The pipeline that opens the transaction leaves it open; the one that ends it does not.
        if Silent.armed and self._conn.info.transaction_status is TransactionStatus.IDLE:
            Silent.armed = False
            self._conn.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return rows


def silence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next commit of this process gets through without an answer."""
    monkeypatch.setattr(session, "Pipeline", Silent)
    monkeypatch.setattr(Silent, "armed", True)
