"""Members that a finding is about, by the numbers that people know them by."""

from collections.abc import Sequence
from uuid import UUID

from services.casework.exports.lists import NumbersOf
from services.casework.findings.store import Naming
from services.chassis.ground.labels import Label
from services.chassis.log.snapshot import Connection

NO_NUMBER = Label("尚未编号", "not numbered yet")
HOUSEHOLDS_OF = "SELECT DISTINCT holder FROM exclusive_periods WHERE subject = ANY(%s)"


def member_naming(numbers: NumbersOf) -> Naming:
    """By 人编号; whoever has none yet is told to be without: an id says nothing to people."""

    def named(conn: Connection, about: Sequence[UUID], _: str) -> list[str | Label]:
        households = [household for (household,) in conn.execute(HOUSEHOLDS_OF, (list(about),)).fetchall()]
        found = numbers(conn, households)
        return [found.get(person, NO_NUMBER) for person in about]

    return named
