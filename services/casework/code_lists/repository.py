"""The code lists in force, by day and place, for one decision, query or file."""

from collections.abc import Mapping
from datetime import date

from contracts.facts import DecidedFrom
from services.casework.code_lists.domain import KIND, CodeList, code_list_from
from services.casework.documents.lookup import Lookup
from services.chassis.ground.labels import Label
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.dated import NotInForce, UnknownName

NO_CODE_LIST = rule(
    "no_code_list",
    zh="该日没有生效的代码表；请改用代码，或请管理员确认代码表文件。",
    en="No code list is in force on that day: send the code itself, or have an operator adopt one.",
    source="code list documents of this installation",
    status=422,
)


class CodeLists:
    """``lookup``: as known to who asks; ``place``: whose words are meant, ``None`` for the whole country."""

    def __init__(self, lookup: Lookup, day: date, place: str | None) -> None:
        self._lookup, self._day, self._place = lookup, day, place or None

    def __getitem__(self, key: str) -> CodeList:
        """Raises ``Refused``."""
        try:
            return self._lookup.in_force(KIND, key, self._day, self._place).typed(code_list_from)
        except (NotInForce, UnknownName):
            raise Refused(NO_CODE_LIST, list=key) from None

    def basis(self, log: str, head: int) -> DecidedFrom:
        """What a decision in this log, at this head, was decided from."""
        return self._lookup.basis(log, head)

    def labels(self, codes: Mapping[str, frozenset[str]]) -> dict[str, dict[str, Label]]:
        """Labels of these codes of these lists; of a list that is not in force, none."""
        found: dict[str, dict[str, Label]] = {}
        for key, wanted in codes.items():
            try:
                labels = self[key].labels
            except Refused:
                continue
            found[key] = {code: label for code, label in labels.items() if code in wanted}
        return found
