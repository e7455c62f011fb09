"""Kinds of pairs, typed: one document says who may help whom, how many, on what terms.

::

    pair_kind: filed_pupil_teacher
    of_programme: filed_pupils
    helped: [person]
    helped_by_at_most: 1
    listed_first: true                 # the helped come from a list, those with priority first (R34)
    priorities: [{code: orphan, zh: 孤儿, en: orphan}]
    modes: [{code: by_class, zh: 按班级, en: by class}]
    committed_first: true              # it takes effect when both have signed (M051)
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from contracts.casework.records import SubjectKind
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.casework.records.document import Code, Offices
from services.chassis.law.content import DocumentError
from services.chassis.security.actor import Actor

KIND = "pair_kind"
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Years = Annotated[int, msgspec.Meta(ge=1, le=10)]


class PairKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edition of one kind. ``helper_is``: what the helper must be on record, where that is asked: a fellow pupil, an
    organisation. ``helps_at_most``: how many subjects a helper has at once; ``helped_by_at_most``: how many helpers a subject.
    ``priorities``: on which grounds somebody on the list comes first, in order; ``modes``: by what helpers are assigned.
    ``term_years``: an end must be said, no later than that; ``contract``: whether the helper may answer for an exit.
    ``after``: kinds of records about the subject that must stand before; ``closed_by``: those without which it is not
    completed. ``follows_register``: a household in the register has such a helper; who splits off keeps them, and what takes the
    household out of the register ends it, an exit where ``pairing.kept_after_exit`` does not let it go on. ``additional_said``: a
    second helper beside the one there must be said to be additional. ``read_by``: who alone sees that there is such a pair,
    besides the helper and whoever entered it."""

    pair_kind: Key
    of_programme: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    helped: Annotated[tuple[SubjectKind, ...], msgspec.Meta(min_length=1, max_length=4)]
    made_by: Offices
    helper_is: SubjectKind | None = None
    helps_at_most: Count | None = None
    helped_by_at_most: Count | None = None
    listed_first: bool = False
    priorities: tuple[Code, ...] = ()
    modes: tuple[Code, ...] = ()
    committed_first: bool = False
    contract: bool = False
    term_years: Years | None = None
    after: tuple[Key, ...] = ()
    closed_by: tuple[Key, ...] = ()
    follows_register: bool = False
    additional_said: bool = False
    read_by: Offices | None = None
    basis: str | None = None

    def is_open_to(self, actor: Actor, *own: str) -> bool:
        """Whether the actor may know of a pair; ``own``: accounts of those whose it is."""
        return self.read_by is None or self.read_by.admit(actor.roles, actor.level) or actor.subject in own

    def __post_init__(self) -> None:
        if not f"{self.pair_kind}_".startswith(f"{self.of_programme}_"):
            raise DocumentError(
                (),
                f"pair_kind：须以所属政策代码开头，即{self.of_programme}",
                f"pair_kind: begins with its programme, {self.of_programme}",
            )
        if self.helper_is in (SubjectKind.HOUSEHOLD, SubjectKind.DIVISION):
            raise DocumentError(
                (), "helper_is：帮扶的须是人员或单位，请填写其一", "helper_is: a person or a party helps"
            )
        if self.contract and SubjectKind.HOUSEHOLD not in self.helped:
            raise DocumentError((), "contract：只有户才退出，请删去合同或改为帮扶户", "contract: a household exits")
        # Nothing but the register may stand in the way of what follows from it; what it ends stands in the household's history.
        conditions = (
            self.listed_first,
            self.committed_first,
            self.helper_is,
            self.helps_at_most,
            self.after,
            self.read_by,
        )
        if self.follows_register and (self.helped != (SubjectKind.HOUSEHOLD,) or any(conditions)):
            raise DocumentError(
                (),
                "follows_register：只帮扶户，且不得另写 helper_is、helps_at_most、listed_first、committed_first、after、read_by",
                "follows_register: helps households alone, without helper_is, helps_at_most, listed_first, committed_first, after,"
                " read_by",
            )
        for codes in (self.priorities, self.modes):
            if len({code.code for code in codes}) != len(codes):
                raise DocumentError((), "同一代码只列一次，请删去重复的", "every code is listed once")


def pair_kind_from(content: Mapping[str, Any]) -> PairKind:
    """The kind in this document. Raises ``msgspec.ValidationError`` and ``DocumentError``."""
    return msgspec.convert(content, PairKind)
