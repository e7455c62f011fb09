"""The view that says which streams of the staff directory an account or a deputy leads to."""

from collections.abc import Sequence
from uuid import UUID

from contracts.casework.directory import AccountLinked, PostsDelegated
from contracts.facts import Recorded
from services.audit.histories.posts import STAFF
from services.audit.statements.state import REGISTRY
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TABLES = (
    Table("staff_accounts", "staff_id", ("staff_id", "account")),
    Table("staff_deputies", "staff_id", ("staff_id", "deputy")),
)
TYPES = frozenset({AccountLinked.type_name, PostsDelegated.type_name})


def staff_view() -> View[UUID]:
    return view_of_streams("staff", TABLES, TYPES, STAFF, UUID, _rows, log=REGISTRY, relevant_types=TYPES)


def _rows(staff_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    accounts = sorted({r.fact.account for r in facts if isinstance(r.fact, AccountLinked)})
    deputies = sorted({r.fact.deputy for r in facts if isinstance(r.fact, PostsDelegated)})
    return [(staff_id, account) for account in accounts], [(staff_id, deputy) for deputy in deputies]
