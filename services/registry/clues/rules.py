"""Rules for clues, and what may be done next."""

from collections.abc import Mapping

from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import rule

PRACTICE = "practice.md: a self-report is accepted within two days; reference.md: monitoring inclusion"
DECISION = "docs/decisions/0050-how-monitoring-begins.md"
OFFICES = Office((Role.CADRE, Role.REVIEWER, Role.DECIDER))

NOBODY_NAMED = rule(
    "clue_names_nobody",
    zh="线索须说明所指农户：已建档的填写“household_id”，未建档的填写户主姓名（“name”）。",
    en="A clue says whom it is about: give ``household_id`` where the household is on record, else the head's ``name``.",
    source=PRACTICE,
    status=422,
)
NO_HANDLING = rule(
    "clues_not_handled_then",
    zh="该地在这一天没有施行的线索办理规定，不能受理线索；请管理员提出并确认适用的规定。",
    en="No document says how clues are handled there on that day, so none is received; have operators adopt one.",
    source=DECISION,
)
CLUE_ENDED = rule(
    "clue_ended",
    zh="该线索已经办结；情况有变的，请另行登记新的线索。",
    en="This clue has ended; where things have changed, a new one is received.",
    source=DECISION,
)
NOT_ACCEPTED_YET = rule(
    "clue_not_accepted",
    zh="该自主申报尚未受理，请先受理，或说明理由不予受理。",
    en="This report has not been accepted yet: accept it first, or refuse it with a reason.",
    source=PRACTICE,
)
ALREADY_ACCEPTED = rule(
    "clue_accepted_already",
    zh="该线索已经受理（干部走访、部门预警和排查发现的线索无须另行受理），请继续办理。",
    en="This clue was accepted already (what officials found themselves needs no acceptance); go on with it.",
    source=PRACTICE,
)
BEFORE_THE_CLUE = rule(
    "day_before_clue",
    zh="日期早于线索上一次办理的日期，请改为不早于该日的日期。",
    en="The day lies before what was last done about this clue; give one that does not.",
    source=DECISION,
)
IN_THAT_VILLAGE = rule(
    "clue_in_that_village",
    zh="该线索已在这个村，请填写农户实际所在的另一个村，或继续办理。",
    en="The clue is in that village already: name another one, where the household lives, or go on with it.",
    source=DECISION,
)
HOUSEHOLD_KNOWN = rule(
    "clue_about_another_household",
    zh="该线索所指的农户已经确定；指错的，请以“不符合条件”等理由答复后另行登记线索。",
    en="Whom this clue is about is known already; where that is wrong, answer it and receive another.",
    source=DECISION,
)
HOUSEHOLD_UNKNOWN = rule(
    "clue_household_unknown",
    zh="该线索所指的农户尚未建档：请先确定是哪一户，或由该线索登记这一户。",
    en="The household of this clue is not on record: say which one it is, or record it from the clue.",
    source="Lika: only a clue creates a household that is to be monitored",
)
HOUSEHOLD_NOT_MONITORED = rule(
    "clue_household_not_monitored",
    zh="该户当日不是监测对象，不能以“已纳入监测”答复：请启动纳入程序，或改用其他答复。",
    en="The household was not monitored on that day, so this is no answer: open its inclusion, or give another answer.",
    source="Lika: an answer says what the register says",
)
ANOTHER_HOUSEHOLD = rule(
    "clue_of_another_household",
    zh="该线索所指的是另一户，请填写本户的线索，或不填“clue_id”。",
    en="This clue is about another household: name one of this household, or leave ``clue_id`` out.",
    source=DECISION,
)
HOUSEHOLD_IN_ANOTHER_VILLAGE = rule(
    "clue_household_elsewhere",
    zh="该户现在不在线索所在的村：请先把线索转交该户所在的村。",
    en="The household lives in another village than the clue is in: forward the clue there first.",
    source=DECISION,
)
DUPLICATE_NOT_NAMED = rule(
    "clue_duplicate_not_named",
    zh="答复为“重复线索”的，须填写所重复的线索（“duplicate_of”）；其他答复不填。",
    en="A duplicate names the clue by which it is handled (``duplicate_of``); no other answer does.",
    source=DECISION,
    status=422,
)
NOT_ITS_ORIGINAL = rule(
    "clue_not_its_original",
    zh="所填的线索不能作为原线索：它不在管辖范围内、不予受理、本身也是重复线索，或就是本线索；请填写仍在办理或已办结的原线索。",
    en="That clue cannot be the original: it is not in your area, was refused, is a duplicate itself, or is this one; name the"
    " one by which the matter is handled.",
    source=DECISION,
)
CLUE_OFFICE = rule(
    "clue_of_another_office",
    zh="该线索由其他层级或岗位办理，请交由其办理。",
    en="This clue is handled by another level of office or another role; hand it on to them.",
    source="office in the document of how clues are handled",
    status=403,
)


def ways_to_accept(ids: Mapping[str, object]) -> tuple[NextStep, ...]:
    return tuple(NextStep(act, OFFICES, ids) for act in ("accept_clue", "refuse_clue"))


def ways_to_end(ids: Mapping[str, object]) -> tuple[NextStep, ...]:
    return tuple(NextStep(act, OFFICES, ids) for act in ("answer_clue", "forward_clue"))


def ways_to_a_household(ids: Mapping[str, object]) -> tuple[NextStep, ...]:
    cadre = Office((Role.CADRE,))
    return tuple(NextStep(act, cadre, ids) for act in ("identify_clue_household", "record_clue_household"))
