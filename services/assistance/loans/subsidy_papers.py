"""Whether the papers of a product give less than when subsidy was last told of: then what was paid may not be due any more."""

from collections import Counter
from datetime import date
from functools import cached_property, lru_cache

from contracts.civil import end_of_day, start_of_day
from services.assistance.loans.borrowers import subsidy_terms_on
from services.assistance.loans.products import KIND
from services.assistance.loans.subsidies import is_lowered
from services.casework.documents.domain import Status
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents

KEPT = 4_000
"""Products, places and days of which it is remembered."""


class SubsidyPapers:
    """For one question, of what is known now. Blocking."""

    def __init__(self, documents: Documents, today: date) -> None:
        self._documents, self._today = documents, today
        self._known_at = lru_cache(KEPT)(documents.known_at)
        self.is_lowered = lru_cache(KEPT)(self._is_lowered)

    @property
    def changing(self) -> list[str]:
        """Products that one paper alone did not settle for ever: of no other can less be due than was."""
        papers = [
            s for s in self._now.known(KIND).states.values() if s.adopted is not None and s.edition.fact.kind == KIND
        ]
        of_each = Counter(s.edition.fact.key for s in papers)
        ended = {
            s.edition.fact.key
            for s in papers
            if s.status is not Status.ADOPTED or s.edition.fact.in_force_to is not None
        }
        return sorted(key for key, count in of_each.items() if count > 1 or key in ended)

    @cached_property
    def _now(self) -> Lookup:
        return self._documents.current()

    def _is_lowered(self, product: str, division: str, told_on: date) -> bool:
        """``division``: where it was contracted. By what was known when that day began, or ended, of the days before it."""
        now = subsidy_terms_on(self._now, product, self._today, division)
        moments = (self._known_at(moment(told_on)) for moment in (start_of_day, end_of_day))
        return any(is_lowered(subsidy_terms_on(each, product, told_on, division), now, told_on) for each in moments)
