"""In whatever order the older system's list is compared and households are imported: the difference of each line is what the register holds
less what is asserted, and the households listed make it up."""

from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.quantities import Figures
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import STOCK, PovertyStatus
from contracts.registry.reconciliations import ReconciliationResult as R
from services.registry.opening_balances.differences import (
    DifferingHousehold,
    LineKey,
    ListedNumber,
    OnRecord,
    Standing,
    contribution,
    differing_households,
    opening_lines,
)

NAMESPACE = UUID(int=7)
KINDS = {"边缘易致贫户": "marginal", "脱贫不稳定户": "unstable"}
NAMES = {code: name for name, code in KINDS.items()}
IN_LIST = (PovertyStatus.REGISTERED, PovertyStatus.EXITED, PovertyStatus.REMOVED)
Register = Mapping[str, Standing]


def standings(monitored: bool) -> st.SearchStrategy[Standing]:
    """Either all monitored, as one kind or the other, or none: a blank of the list says nothing."""
    kinds = st.sampled_from(sorted(KINDS.values())) if monitored else st.none()
    return st.builds(
        lambda status, kind, persons: Standing(status, kind and MonitoringStatus.MONITORED, kind, persons),
        st.sampled_from(IN_LIST), kinds, st.integers(1, 5),
    )  # fmt: skip


@st.composite
def stories(draw: st.DrawFn) -> tuple[Register, Register, Register]:
    """The list, the register when it was compared, and the register in the end; by number."""
    listed, then, now = dict[str, Standing](), dict[str, Standing](), dict[str, Standing]()
    for number in draw(st.lists(st.sampled_from("ABCDEF"), unique=True)):
        strategy = standings(draw(st.booleans()))
        for register in (listed, then, now):
            if draw(st.booleans()):
                register[number] = draw(strategy)
    return listed, then, now


def id_of(number: str) -> UUID:
    return uuid5(NAMESPACE, number)


def compared(listed: Register, then: Register) -> Iterator[ListedNumber]:
    """What the comparison finds, reckoned anew."""
    for number in sorted({*listed} | {*then}):
        there, here = listed.get(number), then.get(number)
        if there == here:
            continue
        known = None if here is None else id_of(number)
        if there is None:
            yield ListedNumber(id_of(f"s{number}"), known, number, "990001", R.MISSING_THERE, 0, None, None)
            continue
        status = None if here is not None and here.status == there.status else there.status
        kind = None if here is not None and here.kind == there.kind else there.kind
        result = R.MISSING_HERE if here is None else R.DIFFERENT
        yield ListedNumber(
            id_of(f"s{number}"), known, number, "990001", result, there.persons, status, kind and NAMES[kind]
        )


def on_record(register: Register) -> Mapping[UUID, OnRecord]:
    return {id_of(n): OnRecord(id_of(n), n, "990001", standing) for n, standing in register.items()}


def sums(register: Register) -> Mapping[LineKey, Figures]:
    found: dict[LineKey, Figures] = {}
    for number, standing in register.items():
        alone = DifferingHousehold(id_of(number), None, number, "990001", None, standing)
        for key, figures in contribution(alone).items():
            found[key] = found.get(key, Figures()) + figures
    return found


@settings(deadline=None, max_examples=200)
@given(story=stories())
def test_the_same_households_differ_whatever_was_on_record_when_the_list_was_compared(
    story: tuple[Register, Register, Register],
) -> None:
    listed, then, now = story
    found = list(differing_households(list(compared(listed, then)), on_record(then), on_record(now), KINDS))
    expected = {n: (listed.get(n), now.get(n)) for n in {*listed, *now} if listed.get(n) != now.get(n)}
    assert {each.national_no: (each.asserted, each.held) for each in found} == expected
    for line in opening_lines(sums(listed), sums(now), found):
        if line.asserted is not None:
            assert line.difference == line.held - line.asserted
            assert line.unexplained == Figures(), "every household is told"
        else:
            assert line.held == line.by_household, "nothing of it is asserted"


def test_what_fell_back_is_registered_to_a_system_that_says_nothing_of_it() -> None:
    registered, returned = (LineKey("poverty", status) for status in sorted(STOCK))
    held = {registered: Figures(2, 7), returned: Figures(1, 3)}
    (line,) = opening_lines({registered: Figures(3, 10)}, held, ())
    assert (line.held, line.difference) == (Figures(3, 10), Figures())
    apart = opening_lines({registered: Figures(3, 10), returned: Figures(0, 0)}, held, ())
    assert [each.difference for each in apart] == [Figures(-1, -3), Figures(1, 3)]
