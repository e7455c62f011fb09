"""The view that says where to look in the directory: accounts, posts and deputies by stream."""

from collections.abc import Sequence
from uuid import UUID

from contracts.casework.directory import AccountLinked, PostAssumed, PostsDelegated, StaffActsAnnulled, StaffFact
from contracts.facts import Recorded
from services.casework.directory.domain import stream_of
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TABLES = (
    Table("staff_accounts", "staff_id", ("staff_id", "account")),
    Table("staff_posts", "staff_id", ("staff_id", "post_id", "division")),
    Table("staff_deputies", "staff_id", ("staff_id", "deputy")),
)
TYPES = frozenset(
    kind.type_name for kind in StaffFact.__subclasses__() if kind.__module__ == StaffActsAnnulled.__module__
)
INDEXED = frozenset({AccountLinked.type_name, PostAssumed.type_name, PostsDelegated.type_name})


def view(log: str | None = None) -> View[UUID]:
    """Keeps ``staff_accounts``, ``staff_posts`` and ``staff_deputies``, of the service's own log or of its copies of
    another ``log``."""
    return view_of_streams("directory", TABLES, TYPES, stream_of(""), UUID, _rows, log=log, relevant_types=INDEXED)


def _rows(staff_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row], list[Row]]:
    # Void ones included: as known then they counted. Of each once.
    accounts = {r.fact.account for r in facts if isinstance(r.fact, AccountLinked)}
    posts = {(r.fact.post_id, r.fact.division) for r in facts if isinstance(r.fact, PostAssumed)}
    deputies = {r.fact.deputy for r in facts if isinstance(r.fact, PostsDelegated)}
    return (
        [(staff_id, account) for account in sorted(accounts)],
        [(staff_id, *post) for post in sorted(posts)],
        [(staff_id, deputy) for deputy in sorted(deputies)],
    )
