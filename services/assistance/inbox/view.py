"""The table ``inbox``: what needs attention now."""

import json
from collections.abc import Sequence

from contracts.assistance.entitlements import EntitlementFactsAnnulled, OverpaidReviewOpened
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.loans import (
    LoanApproved,
    LoanConsequencesAnnulled,
    LoanContracted,
    LoanFactsAnnulled,
    LoanReviewDecided,
    LoanReviewOpened,
)
from contracts.assistance.pairing import PairingFactsAnnulled
from contracts.facts import Recorded
from services.assistance.inbox.domain import entries
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

COLUMNS = ("entry", "attention", "household_id", "person_id", "since", "details", "stream")
SUBSCRIBED_FACTS = (
    AssistanceReactionRefused, OverpaidReviewOpened, EntitlementFactsAnnulled, PairingFactsAnnulled, LoanApproved,
    LoanContracted, LoanReviewOpened, LoanReviewDecided, LoanFactsAnnulled, LoanConsequencesAnnulled,
)  # fmt: skip
"""Facts that open an entry, and facts that may close one."""


def view() -> View[str]:
    """Keeps the table ``inbox``."""
    types = frozenset(kind.type_name for kind in SUBSCRIBED_FACTS)
    return view_of_streams("inbox", (Table("inbox", "stream", COLUMNS),), types, "", str, _rows)


def _rows(stream: str, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return (
        [
            (e.entry, e.attention, e.household_id, e.person_id, e.since, json.dumps(e.details), stream)
            for e in entries(facts)
        ],
    )
