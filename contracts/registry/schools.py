"""Schools (学校), dated: what a school is called, where it is, which stages it has, and what becomes of it. Stream
``school-<code>``, named after the ten digits by which departments of education know it (学校标识码)."""

from uuid import UUID

from contracts.facts import Fact, published
from contracts.registry.codes import SchoolStage


class SchoolFact(Fact, frozen=True, kw_only=True):
    """``school_code``: of the school in whose stream it stands."""

    school_code: str


@published("SchoolDeclared")
class SchoolDeclared(SchoolFact, frozen=True, kw_only=True):
    """A school exists under this code and name from ``effective_on``, and not before."""

    name: str
    division: str
    stages: tuple[SchoolStage, ...]


@published("SchoolRenamed", rank=10)
class SchoolRenamed(SchoolFact, frozen=True, kw_only=True):
    """It has this name from ``effective_on``; by the former one it is answered for the days before."""

    name: str


@published("SchoolStagesSet", rank=11)
class SchoolStagesSet(SchoolFact, frozen=True, kw_only=True):
    """It has these stages from ``effective_on``."""

    stages: tuple[SchoolStage, ...]


@published("SchoolRelocated", rank=12)
class SchoolRelocated(SchoolFact, frozen=True, kw_only=True):
    """It is in this division from ``effective_on``: it moved, or its division has another code."""

    division: str


@published("SchoolMerged", rank=20)
class SchoolMerged(SchoolFact, frozen=True, kw_only=True):
    """It was merged into another one (撤并): the day before ``effective_on`` was its last, and its pupils are the other's."""

    into_school: str


@published("SchoolSucceeded", rank=20)
class SchoolSucceeded(SchoolFact, frozen=True, kw_only=True):
    """It took over another one with its pupils: the other half of what stands in that school's stream, which is the cause."""

    former_school: str


@published("SchoolClosed", rank=30)
class SchoolClosed(SchoolFact, frozen=True, kw_only=True):
    """It was closed (停办) without a successor: the day before ``effective_on`` was its last."""


@published("SchoolActsAnnulled", rank=99)
class SchoolActsAnnulled(SchoolFact, frozen=True, kw_only=True):
    """A correction: these acts were wrong, and their facts in this stream (``annuls``) are void."""

    acts: tuple[UUID, ...]
