"""The programmes that a decision looks up, by day and place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from services.assistance.programmes.document import IN_REGISTER, KIND, Programme, programme_from
from services.casework.calendars.periods import Calendars
from services.casework.documents.lookup import Lookup
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.dated import NotInForce

PROGRAMME_NEVER_ADOPTED = rule(
    "programme_never_adopted",
    zh="从未采用过这一项目，请核对 programme 的代码；现行项目见项目清单。",
    en="No programme of this key was ever adopted; check ``programme``, and see the list of programmes.",
    source="Lika design: no answer is silently wrong",
    status=422,
)


@dataclass(frozen=True, slots=True)
class Programmes:
    """For one decision, which names what was looked up."""

    lookup: Lookup
    calendars: Calendars = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendars", Calendars(self.lookup))

    def require_adopted(self, programme: str) -> None:
        """Nobody would be told from a typing error that nothing is due. Raises ``PROGRAMME_NEVER_ADOPTED``."""
        if self.lookup.first(KIND, programme) is None:
            raise Refused(PROGRAMME_NEVER_ADOPTED, programme=programme)

    def in_force(self, programme: str, day: date, place: str) -> Programme:
        """The edition of the most specific jurisdiction that the place lies in. Raises ``NotInForce``."""
        return self.lookup.in_force(KIND, programme, day, place).typed(programme_from)

    def all_in_force(self, day: date, place: str) -> Iterator[Programme]:
        """Of each programme the edition that applies there on that day."""
        for edition in self.lookup.all_in_force(KIND, day, place):
            yield edition.typed(programme_from)

    def first(self, programme: str) -> Programme | None:
        """The edition that was adopted first: of what kind of unit it is, all have in common."""
        first = self.lookup.first(KIND, programme)
        return None if first is None else first.typed(programme_from)

    def of_register(self, day: date) -> list[str]:
        """The keys of those for persons and households that are in force somewhere on that day, in order."""
        return sorted({key for key, edition in self._in_force_somewhere(day) if edition.unit in IN_REGISTER})

    def of_outside(self, day: date) -> list[str]:
        """Likewise of those for units outside of the register."""
        return sorted({key for key, edition in self._in_force_somewhere(day) if edition.outside})

    def _in_force_somewhere(self, day: date) -> Iterator[tuple[str, Programme]]:
        known = self.lookup.known(KIND)
        editions = (known.states[id_].edition for id_ in known.all_in_force(day, None))
        yield from ((e.fact.key, e.typed(programme_from)) for e in editions if e.fact.kind == KIND)

    def found(self, programme: str, day: date, place: str) -> Programme | None:
        """``None`` where none is in force."""
        try:
            return self.in_force(programme, day, place)
        except NotInForce:
            return None
