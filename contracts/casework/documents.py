"""Documents as facts: procedures, calendars, parameters, programmes, duty sets, code lists. Each service's log holds its
own, in one stream.

An edition takes force by two facts of two persons: one proposes it with all its text, another adopts it. Withdrawn it
counts as never adopted, stays readable, and the withdrawal can itself be withdrawn. An edition is known by the id of the
fact that proposed it.
"""

from datetime import date

from contracts.facts import Fact, published


@published("DocumentProposed")
class DocumentProposed(Fact, frozen=True, kw_only=True):
    """Somebody wants this edition to be in force from ``effective_on`` to ``in_force_to`` (included; open where it is
    empty). ``kind``: procedure, calendar, parameters, ...; ``jurisdiction``: CN, or the leading digits of a division
    code. ``content``: the whole document as canonical JSON; ``digest``: SHA-256 of it in hex. ``shipped_with``: the
    release whose own text it is."""

    kind: str
    key: str
    edition: str
    jurisdiction: str
    in_force_to: date | None = None
    content: str
    digest: str
    shipped_with: str | None = None


@published("DocumentAdopted")
class DocumentAdopted(Fact, frozen=True, kw_only=True):
    """A second person confirmed the proposed edition: it is in force from ``effective_on``. ``document``: id of the
    proposal."""

    document: str


@published("DocumentWithdrawalProposed")
class DocumentWithdrawalProposed(Fact, frozen=True, kw_only=True):
    """Somebody wants the edition withdrawn, or its withdrawal undone. ``target``: id of the adoption or withdrawal that
    is to be void."""

    document: str
    target: str
    reason: str


@published("DocumentWithdrawn")
class DocumentWithdrawn(Fact, frozen=True, kw_only=True):
    """A second person confirmed it: what it annuls is void, an adoption or an earlier withdrawal. A proposal that nobody
    has confirmed yet is annulled by one person alone. ``reason``: as proposed."""

    document: str
    reason: str
