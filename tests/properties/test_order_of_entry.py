"""The central property: a true history, entered in any order that keeps each act's preconditions and with any detours, comes
to the same register. Nothing is drawn and thrown away; a refusal fails the test, but of decisions that a
removal entered before makes void: those must be refused.

``LIKA_FAULTS=long`` enters many more histories, new ones each time; a failure prints how to reproduce it.
"""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import event, example, given, note, settings

from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households.views import memberships_view, view
from tests.properties.drawn_histories import HISTORIES, MOVED_HOME, MOVED_TWICE, WRONGLY_ENROLLED
from tests.properties.entered_register import RecordedHistory, Register
from tests.properties.entry_orders import CHRONOLOGICAL, ORDERS, EntryOrder
from tests.properties.test_household_views import SETTINGS
from tests.properties.true_acts import LAST_DAY
from tests.properties.true_histories import TrueHistory
from tests.support.long_run import LONG


@pytest.fixture(scope="module")
def register(module_database: Callable[[str], str]) -> Iterator[Register]:
    opened = Register(module_database("registry"), module_database("audit"))
    yield opened
    opened.close()


@settings(SETTINGS, max_examples=1500 if LONG else 10)
@given(history=HISTORIES, order=ORDERS)
@example(history=MOVED_TWICE, order=EntryOrder(keys=(0, 1, 2, 4, 3)))
@example(history=WRONGLY_ENROLLED, order=EntryOrder(keys=(0, 1, 3, 4, 5, 6, 9, 10, 11, 8, 7, 2)))
@example(history=MOVED_HOME, order=EntryOrder(keys=(0, 1, 2, 4, 3)))
def test_a_true_history_entered_in_any_order_comes_to_the_same(
    register: Register, history: TrueHistory, order: EntryOrder
) -> None:
    note(repr(history))
    true = register.enter(history, CHRONOLOGICAL)
    other = register.enter(history, order)
    note("\n".join(other.entry.steps))
    assert other.on_days() == true.on_days()
    found = true.found_on_days()
    assert other.found_on_days() == found
    if any("correct" in step for step in other.entry.steps):
        event("a decision was corrected")
    event(f"found on {sum(map(bool, found.values())) * 4 // len(found) * 25} % of days")
    for recorded in (true, other):
        require_truth(recorded)
        require_views_alike(recorded)
        recorded.require_memberships_alike()
        recorded.require_nobody_twice()
        register.require_refolded_alike([*recorded.facts])
    assert [r.changes for rows in other.statements() for r in rows] == [
        r.changes for rows in true.statements() for r in rows
    ]
    assert other.statements() == true.statements()


def require_truth(recorded: RecordedHistory) -> None:
    """On the last day everything is as it is in truth."""
    on_days = recorded.on_days()
    for household in recorded.entry.history.households:
        last = on_days[household.number, LAST_DAY]
        assert (last.status, last.village, last.members, last.head) == (
            household.status, str(household.village), frozenset(household.members), next(iter(household.members), None),
        )  # fmt: skip
        people = recorded.entry.history.persons
        assert last.born == {(p, people[p].birth_year) for p in household.members}


def require_views_alike(recorded: RecordedHistory) -> None:
    """The register's view, and the audit's own fold, say what the register's fold says."""
    listed, audited = recorded.listed(), recorded.audited()
    for at, state in recorded.states.items():
        expected = [] if state.status is None else [state.status, state.division, state.attribute, state.persons]
        assert [*listed[at]] == expected, at
        own = audited[at]
        assert own.status == state.status, at
        if state.status is not None:
            assert (own.division, own.persons, own.since) == (
                state.division, frozenset(state.members), state.status_since,
            ), at  # fmt: skip


def test_the_tables_made_again_are_the_live_ones(register: Register) -> None:
    """Of everything that was entered above, by the rebuild itself."""
    assert register.households
    with WorkerPool(1) as processes:
        for of in (view(), memberships_view(), register.findings):
            rebuild = Rebuild(register.conninfo, "registry", "registry", of, processes, lambda *_: None)
            report = rebuild.run(confirmed=False)
            assert (report.compared, report.differences.rows, report.swapped) == ("compared", 0, True)
