"""By which rules an act about a school is refused."""

from datetime import date

from contracts.registry.codes import SchoolStage
from contracts.registry.schools import SchoolDeclared, SchoolMerged
from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.registry.schools.domain import School

OWN_RULE = "register's own rule: a school is a dated entity, as a division is"
EDUCATION = Office((Role.EDUCATION,))

SCHOOL_DECLARED = rule(
    "school_already_declared",
    zh="该学校标识码已经登记。",
    en="A school is on record under this code already.",
    source="学校（机构）代码管理办法: one code per school",
)
UNKNOWN_SCHOOL = rule(
    "unknown_school",
    zh="没有登记过该学校标识码，请核对，或先由教育部门登记该学校。",
    en="No school was ever declared under this code: check it, or have the department of education declare the school first.",
    source="source facts M019 (no school may be missing)",
)
SCHOOL_NOT_YET_DECLARED = rule(
    "school_not_yet_declared",
    zh="该学校自所示日期（declared_on）起才设立，请核对日期。",
    en="The school exists from the day named (``declared_on``) only: check the day.",
    source=OWN_RULE,
)
SCHOOL_HAS_ENDED = rule(
    "school_has_ended",
    zh="该学校自所示日期（ended_on）起已撤并或停办；已并入他校（into_school）的，请改填该校。",
    en="The school is no more from the day named (``ended_on``); where it was merged, name the school that has its pupils"
    " (``into_school``).",
    source=OWN_RULE,
)
SCHOOL_SUCCEEDS_ITSELF = rule(
    "school_succeeds_itself",
    zh="学校不能并入它自己，请核对标识码。",
    en="A school is not merged into itself: check the codes.",
    source=OWN_RULE,
)
SUCCESSOR_LACKS_STAGE = rule(
    "school_successor_lacks_stage",
    zh="并入的学校当日没有所列学段（stages）：请先登记该校的学段。",
    en="On that day the school that takes over does not have these stages (``stages``): enter its stages first.",
    source=OWN_RULE,
)
SCHOOL_ACT_RESTED_ON = rule(
    "school_act_rested_on",
    zh="其后的学校变更以此为据，或该日之后仍有学校并入，请先作废后来的变更。",
    en="A later act about schools rests on this one, or another school is merged into this one since: annul that first.",
    source=OWN_RULE,
)
SCHOOL_HAS_PUPILS = rule(
    "school_has_pupils",
    zh="该校有学生（pupils 为人数）的学籍与此不合（日期或学段）：请先办理其学籍变动，或登记并入他校。",
    en="Enrolments of pupils at this school (``pupils`` of them) are against it by day or stage: end or correct those first, or"
    " enter a merger.",
    source=OWN_RULE,
)
UNKNOWN_SCHOOL_ACT = rule(
    "unknown_school_act",
    zh="该学校没有这一次登记，或已作废。",
    en="This school has no such act, or it is void already.",
    source="Lika design: two times",
)
STAGE_NOT_OFFERED = rule(
    "school_lacks_stage",
    zh="该校当日没有这一学段（stages 为其学段），请核对学校和学段。",
    en="On that day the school does not have this stage (``stages`` are those it has): check school and stage.",
    source=OWN_RULE,
)


def require_new(state: School | None, fact: SchoolDeclared) -> None:
    if state is not None:
        raise Refused(SCHOOL_DECLARED, school_code=fact.school_code)


def require_exists(state: School | None, code: str, day: date) -> School:
    """The school, which exists on that day. Raises ``Refused`` naming since when, or what took it over."""
    if state is None:
        raise Refused(UNKNOWN_SCHOOL, school_code=code).advising(
            NextStep("declare_school", EDUCATION, form={"school_code": code})
        )
    if day < state.declared_on:
        raise Refused(SCHOOL_NOT_YET_DECLARED, school_code=code, declared_on=state.declared_on.isoformat())
    if state.ended_on is not None and day >= state.ended_on:
        raise Refused(
            SCHOOL_HAS_ENDED, school_code=code, ended_on=state.ended_on.isoformat(), into_school=state.into_school
        )
    return state


def require_stage(school: School, stage: SchoolStage, day: date) -> None:
    if stage not in (offered := school.stages_on(day)):
        raise Refused(STAGE_NOT_OFFERED, school_code=school.school_code, stages=sorted(offered))


def require_may_end(state: School, day: date) -> None:
    """It has no other end, and took over no other since."""
    if state.ended_on is not None:
        require_exists(state, state.school_code, state.ended_on)
    if any(since >= day for since, _ in state.took_over):
        raise Refused(SCHOOL_ACT_RESTED_ON, school_code=state.school_code)


def require_successor(state: School, to: School | None, fact: SchoolMerged) -> None:
    """The school to which pupils go on that day, at the stages that they are at."""
    if fact.into_school == fact.school_code:
        raise Refused(SCHOOL_SUCCEEDS_ITSELF, school_code=fact.school_code)
    to = require_exists(to, fact.into_school, fact.effective_on)
    if missing := {*state.stages_on(fact.effective_on)} - {*to.stages_on(fact.effective_on)}:
        raise Refused(SUCCESSOR_LACKS_STAGE, school_code=fact.into_school, stages=sorted(missing)).advising(
            NextStep("set_school_stages", EDUCATION, {"school_code": fact.into_school})
        )
