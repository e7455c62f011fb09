"""Claims as a transaction changes them: who holds what, by which act, and what is given up.

A claim may rest on several acts of its holder. It stands while one of them does; annulled acts' claims are kept, so that
they stand again when the act is restored.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from services.chassis.log.needs import RELEASED, Claim

Sources = dict[UUID, tuple[UUID, bool]]
"""Act → holder, and whether the claim stands by it."""


class TakenClaim(NamedTuple):
    """``holder``: who has it now; ``claimant``: whose it was by the ``act``."""

    claim: Claim
    holder: UUID
    act: UUID
    claimant: UUID


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

    def suspend(self, found: Mapping[Claim, Sources], acts: Collection[UUID]) -> None:
        """``found``: every claim that rests on one of these acts."""
        for claim, sources in found.items():
            self.let_stand(claim, sources, acts, standing=False)

    def restore(self, found: Mapping[Claim, Sources], acts: Collection[UUID]) -> list[tuple[str, UUID]]:
        """Kind and holder of the claims that somebody else holds now, and that do not stand again."""
        taken: list[tuple[str, UUID]] = []
        for claim, sources in found.items():
            holders = {holder for act, (holder, stands) in sources.items() if stands and act not in acts}
            if others := holders - {holder for act, (holder, _) in sources.items() if act in acts}:
                taken.append((claim[0], min(others)))
            else:
                self.let_stand(claim, sources, acts, standing=True)
        return taken

    def settle(self, found: Mapping[Claim, Sources], stands: Mapping[tuple[UUID, UUID], bool]) -> list[TakenClaim]:
        """``stands``: by act and holder, whether the holder's claims stand by the act; all that do not are given up first. What
        somebody else holds now does not stand again, and is returned."""
        now, taken = {claim: dict(sources) for claim, sources in found.items()}, list[TakenClaim]()
        for standing in (False, True):
            for claim, sources in now.items():
                acts = {
                    a for a, (holder, was) in sources.items() if was != standing and stands.get((a, holder)) is standing
                }
                if not acts:
                    continue
                theirs = {sources[act][0] for act in acts}
                if standing and (others := {h for h, was in sources.values() if was} - theirs):
                    taken += (TakenClaim(claim, min(others), act, sources[act][0]) for act in sorted(acts))
                else:
                    self.let_stand(claim, sources, acts, standing=standing)
                    sources.update({act: (sources[act][0], standing) for act in acts})
        return taken

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
