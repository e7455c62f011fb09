"""What decisions look documents up in: read once, and again when there is more; kept only once it is durable."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from unittest.mock import patch

import msgspec
import pytest

from contracts.facts import DecidedFrom, Fact, LogPosition, Recorded
from contracts.registry.divisions import DivisionDeclared, Level
from services.casework.documents import editions, reading
from services.casework.documents.editions import STREAM
from services.casework.documents.kinds import DocumentKinds
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.following.copies import store_copies
from services.chassis.ground.clock import SystemClock
from services.chassis.law.content import content_of
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameter_documents import parameters_from
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from tests.casework.documents.document_facts import Story

DAY = date(2016, 6, 1)
KINDS: DocumentKinds = {"calendar": dict, "parameters": parameters_from}


@pytest.fixture
def store(database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("registry", database("chassis"), SystemClock())
    yield opened
    opened.close()


def edition_of(lookup: Lookup, day: date = DAY) -> str:
    return lookup.in_force("calendar", "cn", day).fact.edition


def append(store: Store, *facts: Fact, stream: str = STREAM) -> None:
    store.transact(lambda tx: tx.append(stream, *facts))


def test_the_stream_is_loaded_once_and_again_only_when_it_has_grown(store: Store) -> None:
    story, documents = Story(), Documents(store, KINDS)
    story.adopt("2014")
    append(store, *story.facts)
    with patch.object(Tx, "load", autospec=True, side_effect=Tx.load) as load:
        for _ in range(3):
            assert store.transact(lambda tx: edition_of(documents.in_unit(tx))) == "2014"
        assert load.call_count == 1
        before = len(story.facts)
        story.adopt("2016", since="2016-01-01")
        append(store, *story.facts[before:])
        for _ in range(3):
            assert store.transact(lambda tx: edition_of(documents.in_unit(tx))) == "2016"
        assert load.call_count == 2


def test_a_text_is_read_once_whoever_asks(store: Store) -> None:
    story = Story()
    story.adopt("read-once")
    append(store, *story.facts)
    with patch(f"{editions.__name__}.content_of", side_effect=content_of) as read:
        for _ in range(2):
            assert Documents(store, KINDS).current().in_force("calendar", "cn", DAY).content["edition"] == "read-once"
    assert read.call_count == 1


def test_a_text_that_does_not_fit_its_digest_is_not_decided_by(store: Store) -> None:
    story = Story()
    story.adopt("2014")
    altered = msgspec.structs.replace(story.facts[0], digest="0" * 64)
    append(store, altered, story.facts[1])
    with pytest.raises(editions.ContentAltered):
        _ = Documents(store, KINDS).current().in_force("calendar", "cn", DAY).content


def test_what_its_transaction_has_not_made_durable_is_seen_there_and_kept_nowhere(store: Store) -> None:
    story, documents = Story(), Documents(store, KINDS)
    story.adopt("2014")
    append(store, *story.facts)
    before = len(story.facts)
    story.adopt("never", since="2015-01-01")
    lost, others = story.facts[before:], Story()

    class Lost(Exception):
        pass

    def failing(tx: Tx) -> None:
        tx.append(STREAM, *lost)
        assert edition_of(documents.in_unit(tx)) == "never"
        raise Lost

    with pytest.raises(Lost):
        store.transact(failing)
    assert edition_of(documents.current()) == "2014"
    others.adopt("2014")
    others.adopt("2016", since="2016-01-01")
    append(store, *others.facts[before:])
    assert store.transact(lambda tx: edition_of(documents.in_unit(tx))) == "2016"


def test_two_processes_that_read_the_log_agree(store: Store) -> None:
    story, one, other = Story(), Documents(store, KINDS), Documents(store, KINDS)
    story.adopt("2014")
    append(store, *story.facts)
    assert edition_of(one.current()) == edition_of(other.current()) == "2014"
    before = len(story.facts)
    story.withdraw_by_two(story.recorded[0].id)
    append(store, *story.facts[before:])
    for documents in (one, other):
        with pytest.raises(NotInForce):
            edition_of(documents.current())


def test_a_view_finds_the_edition_of_a_case_whatever_became_of_it(store: Store) -> None:
    story, documents = Story(), Documents(store, KINDS)
    story.withdraw_by_two(story.adopt("2014"))
    append(store, *story.facts)
    assert documents.named("calendar", "cn", "2014").content["edition"] == "2014"
    with pytest.raises(KeyError):
        documents.named("calendar", "cn", "2015")


def test_a_decision_names_the_editions_that_were_looked_at_and_no_others(store: Store) -> None:
    story, documents = Story(), Documents(store, KINDS)
    national, _ = story.adopt("national"), story.adopt("elsewhere", "99")
    county = story.adopt("county", "421127")
    append(store, *story.facts)
    lookup = documents.current()
    assert not lookup.used
    lookup.in_force("calendar", "cn", DAY, "421127100200")
    lookup.named("calendar", "cn", "national")
    lookup.in_force("calendar", "cn", DAY, "421127100200")
    assert lookup.used == (county, national)


def test_what_was_in_force_through_some_days_is_kept_for_what_was_known_and_named_by_each_decision(
    store: Store,
) -> None:
    story, documents = Story(), Documents(store, KINDS)
    first = story.adopt("2014")
    append(store, *story.facts)

    def through() -> tuple[list[tuple[date, date, str]], tuple[str, ...]]:
        lookup = documents.current()
        found = lookup.in_force_through("calendar", "cn", DAY, date(2017, 12, 31), "421127100200")
        return [(since, until, edition.id) for since, until, edition in found], lookup.used

    whole = ([(DAY, date(2017, 12, 31), first)], (first,))
    assert [through(), through()] == [whole, whole]
    before = len(story.facts)
    second = story.adopt("2017", since="2017-01-01")
    append(store, *story.facts[before:])
    cut = [(DAY, date(2016, 12, 31), first), (date(2017, 1, 1), date(2017, 12, 31), second)]
    assert [through(), through()] == [(cut, (first, second))] * 2


def declared(code: str, basis: DecidedFrom | None = None) -> DivisionDeclared:
    return DivisionDeclared(
        effective_on=DAY, entered_by="operator-1", code=code, level=Level.PROVINCE, name="省", decided_from=basis
    )


def decision_in(store: Store, code: str) -> Recorded:
    (recorded,) = store.stream(f"division-{code}")
    return recorded


def test_a_past_decision_is_repeated_with_what_was_known_to_it(store: Store) -> None:
    story, documents = Story(), Documents(store, KINDS)
    told: list[Callable[[], object]] = [
        lambda: story.adopt("2014"),
        lambda: story.adopt("late", since="2015-01-01"),
        lambda: story.withdraw_by_two(story.recorded[2].id),
        lambda: story.withdraw_by_two(story.recorded[2].id),
    ]
    for number, tell in enumerate(told):
        before = len(story.facts)
        tell()
        append(store, *story.facts[before:])
        append(store, declared(str(number)), stream=f"division-{number}")
    found = [edition_of(documents.as_known_to(decision_in(store, str(number)))) for number in range(4)]
    assert found == ["2014", "late", "2014", "late"]


Followed = tuple[Store, Documents, Sequence[Entry]]


@pytest.fixture
def followed(store: Store, database: Callable[[str], str]) -> Iterator[Followed]:
    """A store that follows two editions of another log, of which it has no copy yet."""
    story = Story()
    story.adopt("2014")
    story.adopt("2016", since="2016-01-01")
    append(store, *story.facts)
    follower = Store("assistance", database("chassis"), SystemClock())
    yield follower, Documents(follower, {}, {"calendar": "registry"}), store.page(0, 10)[0]
    follower.close()


def test_documents_of_another_log_are_read_from_its_copies_and_as_far_as_a_decision_had_read_it(
    followed: Followed,
) -> None:
    follower, documents, entries = followed
    with pytest.raises(NotInForce):
        edition_of(documents.current())
    follower.transact(lambda tx: store_copies(tx.cur, "registry", entries[:2]), appends=False)
    lookup = documents.current()
    assert edition_of(lookup) == "2014"
    basis = lookup.basis("assistance", 0)
    assert basis.logs == (LogPosition(log="assistance", position=0), LogPosition(log="registry", position=2))
    append(follower, declared("42", basis), stream="division-42")
    follower.transact(lambda tx: store_copies(tx.cur, "registry", entries[2:]), appends=False)
    assert follower.transact(lambda tx: edition_of(documents.in_unit(tx))) == "2016"
    assert edition_of(documents.as_known_to(decision_in(follower, "42"))) == "2014"
    assert documents.current().in_force("calendar", "cn", DAY).id.startswith("registry/")


def test_a_unit_decides_by_one_state_of_another_log_and_the_next_one_by_what_has_come(followed: Followed) -> None:
    follower, documents, entries = followed
    follower.transact(lambda tx: store_copies(tx.cur, "registry", entries[:2]), appends=False)

    def decide(tx: Tx) -> list[str]:
        before = edition_of(documents.in_unit(tx))
        follower.transact(lambda other: store_copies(other.cur, "registry", entries[2:]), appends=False)
        return [before, edition_of(documents.in_unit(tx))]

    assert follower.transact(decide, appends=False) == ["2014", "2014"]
    assert follower.transact(lambda tx: edition_of(documents.in_unit(tx)), appends=False) == "2016"


def test_what_a_view_takes_along_to_another_process_holds_every_edition(store: Store) -> None:
    story, documents = Story(), Documents(store, KINDS)
    story.adopt("2014")
    append(store, *story.facts)
    build, parts = documents.__reduce__()
    assert build is reading.NamedEditions
    assert build(*parts).named("calendar", "cn", "2014").fact.edition == "2014"
