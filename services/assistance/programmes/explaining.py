"""What a programme leaves open, in words."""

from collections.abc import Iterator

from services.assistance.messages import say
from services.assistance.programmes.amounts.kinds import UNSETTLED
from services.assistance.programmes.amounts.rates import Table
from services.assistance.programmes.document import Cadence, Component, Programme
from services.chassis.ground.labels import LABELS, Label
from services.chassis.ground.messages import Message


def gaps_of(programme: Programme) -> Iterator[Message]:
    """What is to be decided before all of it can be granted and paid; what the document says itself comes last."""
    for component in programme.components:
        yield from _gaps_of_component(component)
    if programme.granted_by is None:
        yield say("programme_gap_no_procedure")
    if programme.fund is None:
        yield say("programme_gap_no_fund")
    yield from (Message("programme_gap", gap.zh, gap.en) for gap in programme.gaps)


def _gaps_of_component(component: Component) -> Iterator[Message]:
    name = Label(component.zh, component.en)
    for rate in component.rates:
        open_rows = isinstance(rate.amount, Table) and None in rate.amount.rows.values()
        if isinstance(rate.amount, UNSETTLED) or open_rows:
            words = rate.amount.in_words(LABELS.code(component.period))
            yield say("programme_gap_amount", component=name, since=rate.starts, amount=words)
    if component.period is Cadence.TERM:
        yield say("programme_gap_school_term", component=name)
