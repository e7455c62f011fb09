"""So much for each: a rate, a table of them by school stage or level, and supplements beside a base."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from contracts.registry.codes import SchoolStage
from services.assistance.messages import say
from services.assistance.programmes.amounts.parts import AmountPart, Inputs, Missing, Payable, fen, require_yuan
from services.chassis.ground.labels import LABELS, Label
from services.chassis.ground.messages import Message
from services.chassis.law.content import DocumentError

LEVELS = "LevelOfTable"
"""Code list of the levels that documents commonly name; others stand as they are written."""


class Rate(AmountPart, frozen=True, tag="rate"):
    """``yuan`` for each unit and period; ``per_person``: for each person in the unit instead."""

    yuan: Decimal
    per_person: bool = False

    def __post_init__(self) -> None:
        require_yuan(yuan=self.yuan)

    def in_words(self, period: Label) -> Message:
        if self.per_person:
            return say("programme_rate_per_person", yuan=self.yuan, period=period)
        return say("programme_rate", yuan=self.yuan, period=period)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Payable(fen(self.yuan * (inputs.persons if self.per_person else 1)))


class By(StrEnum):
    STAGE = "stage"
    LEVEL = "level"


class Table(AmountPart, frozen=True, tag="table"):
    """A rate for each school stage, or for each level that units are assigned; ``null`` where the paper has no figure."""

    by: By
    rows: Mapping[str, Decimal | None]

    def __post_init__(self) -> None:
        if not self.rows:
            raise DocumentError((), "rows：标准表不能为空，请至少写一行", "rows: a table has some")
        require_yuan(**self.rows)
        stages = {str(stage) for stage in SchoolStage if stage is not SchoolStage.NONE}
        if self.by is By.STAGE and not self.rows.keys() <= stages:
            raise DocumentError(
                (),
                f"rows：学段须为下列之一：{'、'.join(sorted(stages))}",
                f"rows: stages are {', '.join(sorted(stages))}",
            )

    def in_words(self, period: Label) -> Message:
        return say("programme_table", period=period, rows=[self._row(level) for level in self.rows])

    def _row(self, level: str) -> Message:
        levels = LABELS.codes[LEVELS].codes
        name = LABELS.code(SchoolStage(level)) if self.by is By.STAGE else levels.get(level, Label(level, level))
        if self.rows[level] is None:
            return say("programme_table_row_unknown", level=name)
        return say("programme_table_row", level=name, yuan=self.rows[level])

    def payable(self, inputs: Inputs) -> Payable | Missing:
        row = str(inputs.stage) if self.by is By.STAGE else inputs.level
        if row is None:
            return Missing.LEVEL
        if row not in self.rows:
            return Missing.STAGE_NOT_LISTED if self.by is By.STAGE else Missing.LEVEL
        yuan = self.rows[row]
        return Missing.UNKNOWN if yuan is None else Payable(fen(yuan))


class Supplement(AmountPart, frozen=True, tag="supplement"):
    """``yuan`` beside another component ``to`` whom that is due to (festival, price link): two sums, never one (§5 rule 29)."""

    to: str
    yuan: Decimal
    per_person: bool = False

    def __post_init__(self) -> None:
        require_yuan(yuan=self.yuan)

    def in_words(self, period: Label) -> Message:
        return say("programme_supplement", to=self.to, yuan=self.yuan, period=period)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Payable(fen(self.yuan * (inputs.persons if self.per_person else 1)))
