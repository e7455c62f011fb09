"""Claims as a transaction changes them: who holds what, by which act, and what is given up.

A claim may rest on several acts of its holder. It stands while one of them does; annulled acts' claims are kept, so that
they stand again when the act is restored.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.chassis.log.needs import RELEASED, Claim

Sources = dict[UUID, tuple[UUID, bool]]
"""Act → holder, and whether the claim stands by it."""


@dataclass(slots=True)
class ClaimChanges:
    """``sources``: rows to be written; ``dropped``: claims whose former rows go; ``holders``: of every claim changed,
    afterwards (``RELEASED``: nobody)."""

    sources: dict[Claim, Sources] = field(default_factory=dict)
    dropped: set[Claim] = field(default_factory=set)
    holders: dict[Claim, UUID] = field(default_factory=dict)

    def claim(self, claim: Claim, holder: UUID, act: UUID) -> None:
        self.sources.setdefault(claim, {})[act] = holder, True
        self.holders[claim] = holder

    def release(self, claim: Claim) -> None:
        self.sources.pop(claim, None)
        self.dropped.add(claim)
        self.holders[claim] = RELEASED

    def let_stand(
        self, claim: Claim, sources: Mapping[UUID, tuple[UUID, bool]], acts: Collection[UUID], standing: bool
    ) -> None:
        """From now on the claim stands, or not, by these acts. ``sources``: all that it rests on."""
        changed = {act: (holder, standing) for act, (holder, _) in sources.items() if act in acts}
        self.sources.setdefault(claim, {}).update(changed)
        after = {**sources, **changed}
        self.holders[claim] = next((holder for holder, stands in after.values() if stands), RELEASED)

    def absorb(self, later: "ClaimChanges") -> None:
        """Take over the changes of a unit that was decided after these."""
        for claim in later.dropped:
            self.release(claim)
        for claim, sources in later.sources.items():
            self.sources.setdefault(claim, {}).update(sources)
        self.holders.update(later.holders)

    def rows(self) -> Iterator[tuple[str, int, bytes, UUID, UUID, bool]]:
        """Kind, key number, digest, holder, act, standing."""
        for claim, sources in self.sources.items():
            for act, (holder, standing) in sources.items():
                yield (*claim, holder, act, standing)
