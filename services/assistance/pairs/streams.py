"""Where what is told of pairs stands: in the stream of whoever is helped, and of pairs that follow the register in one that belongs
to the household's history."""

from uuid import UUID

from contracts.assistance.pairs import FOLLOWING, HouseholdPairFormed, PairFact, PairFormed

PREFIX, FOLLOWING_PREFIX = "pairs-", "pairing-"


def stream_of(subject: UUID) -> str:
    return f"{PREFIX}{subject}"


def following_stream(household: UUID) -> str:
    return f"{FOLLOWING_PREFIX}{household}"


def streams_of(subject: UUID) -> tuple[str, str]:
    return stream_of(subject), following_stream(subject)


def stream_for(fact: PairFact) -> str:
    """In which stream the fact belongs."""
    number = getattr(fact, "pair", 0)
    follows = isinstance(fact, HouseholdPairFormed) or number > FOLLOWING
    return following_stream(fact.subject) if follows else stream_of(fact.subject)


def number_of(stream: str, version: int) -> int:
    """Of the pair, or the entry of a list, that the fact of this version told."""
    return version + FOLLOWING if stream.startswith(FOLLOWING_PREFIX) else version


def following(fact: PairFormed) -> HouseholdPairFormed:
    """The same, in the household's history."""
    told = {name: getattr(fact, name) for name in fact.__struct_fields__ if name != "household_id"}
    return HouseholdPairFormed(**told, household_id=fact.subject)
