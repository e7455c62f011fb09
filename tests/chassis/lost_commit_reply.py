"""A connection that breaks between a commit and its reply, so that the client cannot know whether it was committed."""

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from services.chassis.log import session
from services.chassis.log.pipeline import Pipeline, Rows
from services.chassis.log.store import Store


class LostReplyPipeline(Pipeline):
    """Closes the connection after the next commit, before its reply is returned; once."""

    armed = False

    def run(self) -> list[Rows]:
        rows = super().run()
        # The pipeline that opens the transaction leaves it open; the one that ends it does not.
        if LostReplyPipeline.armed and self._conn.info.transaction_status is TransactionStatus.IDLE:
            LostReplyPipeline.armed = False
            self._conn.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return rows


def lose_next_commit_reply(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next commit of this process succeed without a reply."""
    monkeypatch.setattr(session, "Pipeline", LostReplyPipeline)
    monkeypatch.setattr(LostReplyPipeline, "armed", True)
