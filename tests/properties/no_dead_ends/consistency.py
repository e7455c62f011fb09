"""What must hold of the register whatever was entered: its views say what the facts come to, nobody is at two places, a number
belongs to whoever has it, no case that ended holds its subject, and the statements balance."""

from collections.abc import Sequence
from uuid import UUID

from contracts.personal import Personal
from contracts.quantities import Figures
from contracts.registry.members import Sex
from contracts.registry.poverty_status import PovertyStatus
from services.audit.areas import DivisionPrefix
from services.audit.statements import store as statements
from services.audit.statements.feed import stock_view
from services.registry.households.claims import RESIDENT_ID
from services.registry.households.domain import stream_of
from services.registry.households.rehydration import state_on
from services.registry.households.views import memberships_view, view
from tests.properties.entered_register import FIRST_YEAR, LAST_YEAR, require_refolded_alike
from tests.properties.no_dead_ends.house import House
from tests.properties.no_dead_ends.registered import Registered, members_of
from tests.properties.true_acts import LAST_DAY

IN_STOCK = (PovertyStatus.REGISTERED, PovertyStatus.RETURNED)


def require_consistent(house: House, registered: Registered) -> None:
    """Of everything that was entered of this history, once the services have read it."""
    households = [*registered.ids()]
    streams = [*map(stream_of, households)]
    for store, of, keys in (
        (house.store, view(), streams), (house.store, memberships_view(), streams),
        (house.audit, stock_view(), households),
    ):  # fmt: skip
        require_refolded_alike(store, of, households, keys)
    _require_memberships_alike(house, registered, households)
    _require_numbers_held(house, registered, households)
    _require_no_case_held(house, households)
    _require_statements_balance(house, registered, households)


def require_truth(registered: Registered) -> None:
    """On the last day everything is as it is in truth."""
    for true in registered.history.households:
        household = registered.household(true.number)
        assert household is not None, true
        state = state_on(registered.facts(household), registered.facts, as_of=LAST_DAY)
        members = [registered.person(person) for person in true.members]
        assert (state.status, state.division) == (true.status, registered.villages[true.village]), true
        assert {*state.members} == {*members}, true
        assert (state.head and state.head.person_id) == (members[0] if members else None), true


def _require_memberships_alike(house: House, registered: Registered, households: Sequence[UUID]) -> None:
    """The members by the facts are, on every day, those that the exclusive periods say there are, and are nowhere else."""
    with house.store.reading() as conn:
        rows = conn.execute(
            "SELECT holder, subject, valid_from, valid_to FROM exclusive_periods WHERE holder = ANY(%s) AND NOT final",
            (households,),
        ).fetchall()
    for day in registered.history.days():
        at: list[UUID] = []
        for household in households:
            state = state_on(registered.facts(household), registered.facts, as_of=day)
            held = [person for holder, person, first, end in rows if holder == household and first <= day < end]
            assert {*held} == {*state.members}, (household, day)
            assert {m.sex for m in state.members.values()} <= {Sex.MALE}, (household, day)
            at += held
        assert len(at) == len({*at}), day


def _require_numbers_held(house: House, registered: Registered, households: Sequence[UUID]) -> None:
    """Whoever stands on the register with an ID number holds one, and nobody else does."""
    everybody = {m.person_id for h in households for r in registered.facts(h) for m in members_of(r.fact)}
    numbered = {
        m.person_id for h in households for r in registered.standing(h) for m in members_of(r.fact)
        if isinstance(m.id_number, Personal)
    }  # fmt: skip
    with house.store.reading() as conn:
        holders = conn.execute(
            "SELECT DISTINCT digest, holder FROM claims WHERE kind = %s AND holder = ANY(%s) AND standing",
            (RESIDENT_ID, [*everybody]),
        ).fetchall()
    assert {holder for _, holder in holders} == numbered
    assert len({digest for digest, _ in holders}) == len(holders)


def _require_no_case_held(house: House, households: Sequence[UUID]) -> None:
    with house.store.reading() as conn:
        held = conn.execute(
            "SELECT kind FROM claims WHERE kind LIKE 'open_case.%%' AND digest = ANY(%s) AND standing",
            ([h.bytes for h in households],),
        ).fetchall()
    assert held == []


def _require_statements_balance(house: House, registered: Registered, households: Sequence[UUID]) -> None:
    """Each year's, of either county, in the last of which stand those whom the register has in stock."""
    house.audit_everything()
    states = [state_on(registered.facts(h), registered.facts, as_of=LAST_DAY) for h in households]
    for county in registered.counties:
        with house.audit.reading() as conn:
            rows = statements.statement(conn, DivisionPrefix(county), FIRST_YEAR, LAST_YEAR, house.after_everything())
        assert [row.difference for row in rows] == [Figures()] * len(rows)
        stock = [s for s in states if s.status in IN_STOCK and s.division.startswith(county)]
        assert rows[-1].closing == Figures(len(stock), sum(len(s.members) for s in stock)), county
