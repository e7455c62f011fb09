"""Relations to a new head of household: what follows from the relations to the former one, and what has to be asked. Pure.

``Relation`` has the classes of GB/T 4761 as the form takes them: parents are those of the spouse as well; the spouses of
grandchildren and siblings, great-grandparents and other kin are other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace

from contracts.registry.members import Member, Relation, RelationToHead
from services.chassis.ground.refusals import Refused, rule

ALREADY_HEAD = rule(
    "already_head",
    zh="此人当日已是户主，请核对人员或日期。",
    en="That person is the head of the household already on that day: check whom or which day is meant.",
    source="domain reference: forms",
)
RELATIONS_NEEDED = rule(
    "relations_to_new_head_needed",
    zh="person_ids 所列成员与新户主的关系无法由原关系推定：请逐人填写（relations）。",
    en="How those listed as ``person_ids`` are related to the new head does not follow from the relations on record: give it for each"
    " (``relations``).",
    source="GB/T 4761-2008",
)

R = Relation
FOLLOWING: Mapping[Relation, Mapping[Relation, Relation]] = {
    R.SPOUSE: {
        R.HEAD: R.SPOUSE, R.CHILD: R.CHILD, R.CHILD_IN_LAW: R.CHILD_IN_LAW, R.GRANDCHILD: R.GRANDCHILD,
        R.PARENT: R.PARENT, R.GRANDPARENT: R.GRANDPARENT, R.SIBLING: R.OTHER,
    },
    R.CHILD: {
        R.HEAD: R.PARENT, R.SPOUSE: R.PARENT, R.CHILD: R.SIBLING, R.PARENT: R.GRANDPARENT, R.GRANDPARENT: R.OTHER,
        R.SIBLING: R.OTHER,
    },
    R.CHILD_IN_LAW: {
        R.HEAD: R.PARENT, R.SPOUSE: R.PARENT, R.PARENT: R.GRANDPARENT, R.GRANDPARENT: R.OTHER, R.SIBLING: R.OTHER,
    },
    R.GRANDCHILD: {R.HEAD: R.GRANDPARENT, R.SPOUSE: R.GRANDPARENT, R.GRANDPARENT: R.OTHER, R.PARENT: R.OTHER},
    R.PARENT: {
        R.HEAD: R.CHILD, R.SPOUSE: R.CHILD_IN_LAW, R.CHILD: R.GRANDCHILD, R.CHILD_IN_LAW: R.OTHER, R.GRANDCHILD: R.OTHER,
    },
    R.GRANDPARENT: {R.HEAD: R.GRANDCHILD, R.SPOUSE: R.OTHER, R.CHILD: R.OTHER, R.CHILD_IN_LAW: R.OTHER, R.GRANDCHILD: R.OTHER},
    R.SIBLING: {R.HEAD: R.SIBLING, R.SPOUSE: R.OTHER, R.CHILD: R.OTHER, R.CHILD_IN_LAW: R.OTHER, R.GRANDCHILD: R.OTHER},
    R.OTHER: {R.HEAD: R.OTHER},
}  # fmt: skip
"""What the new head was to the former one → what somebody was to the former one → what they are to the new head, wherever
there is one answer. A head's parents-in-law are among the parents: which of them are a parent's or sibling's, nobody knows."""

Members = Mapping[UUID, Member]


def with_head(members: Members, head: UUID, given: Iterable[RelationToHead]) -> Members:
    """The members and what they are to this head: as given, else as it follows, else other."""
    if head not in members:
        return members
    said, before = {g.person_id: g.relation for g in given}, members[head].relation
    following = FOLLOWING.get(before, {})

    def relation(member: Member) -> Relation:
        if member.person_id == head:
            return Relation.HEAD
        # Somebody who is head already stays what they were told to be.
        follows = member.relation if before is Relation.HEAD else following.get(member.relation, Relation.OTHER)
        return said.get(member.person_id, follows)

    return {p: replace(m, relation=relation(m)) for p, m in members.items()}


def require_relations(
    members: Members, head: UUID, given: Sequence[RelationToHead], without: Collection[UUID] = ()
) -> None:
    """``without``: members who leave or die on the day. Raises ``Refused`` naming those whose relation does not follow and is
    not given."""
    if missing := [
        p for p in _undetermined(members, head) if p not in without and p not in {g.person_id for g in given}
    ]:
        raise Refused(RELATIONS_NEEDED, person_ids=[str(p) for p in missing])


def _undetermined(members: Members, head: UUID) -> Iterator[UUID]:
    new = members.get(head)
    if new is None or new.relation is Relation.HEAD:
        return
    for person, member in members.items():
        if person != head and member.relation not in FOLLOWING.get(new.relation, {}):
            yield person
