"""Rules for authorisations."""

from uuid import UUID

from contracts.registry.authorisations import AuthorisationFact
from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import rule

PAPER = "authorisation"
"""Kind of the evidence that the signed paper is."""
CIVIL_CODE = "Civil Code, articles 17, 23 and 34; reference.md: every adult signs the authorisation for asset queries"
PIPL = "Personal Information Protection Law, articles 13 to 15"

NO_MEMBER_THEN = rule(
    "authorisation_of_no_member",
    zh="在该日期，此人不是该户成员；请核对日期，或先登记其加入。",
    en="On that day this person was no member of the household; check the day, or enter first that they joined.",
    source=CIVIL_CODE,
)
NOT_AN_ADULT = rule(
    "authorisation_of_minor",
    zh="此人在该年尚未成年，不需要授权；成年以当年为准。",
    en="This person does not come of age before the year is over: no authorisation is asked of them.",
    source=CIVIL_CODE,
)
VALID_BEFORE_SIGNED = rule(
    "authorisation_ends_before_signed",
    zh="授权的有效期早于签字日期，请按授权书更正。",
    en="The authorisation would end before it was signed; correct the days as the paper has them.",
    source=PIPL,
    status=422,
)
OWN_GUARDIAN = rule(
    "own_guardian",
    zh="本人签字的不填监护人（“guardian”）。",
    en="Who signs themselves names no ``guardian``.",
    source=CIVIL_CODE,
    status=422,
)
AUTHORISATION_PAPER_MISSING = rule(
    "authorisation_paper_missing",
    zh="须附上签字的授权书：材料种类选“授权书”，可上传，也可注明存于纸质档案。",
    en="The signed paper is attached as evidence: an authorisation, uploaded or held on paper.",
    source=PIPL,
)
NO_AUTHORISATION_TO_WITHDRAW = rule(
    "no_authorisation_to_withdraw",
    zh="在该日期没有有效的授权可以撤回；未签字的，请登记拒绝授权。",
    en="No authorisation was valid on that day that could be withdrawn; who did not sign refused.",
    source=PIPL,
)


def way_to_authorise(household: UUID, person: UUID) -> NextStep:
    return NextStep("enter_authorisation", Office((Role.CADRE,)), {"household_id": household, "person_id": person})


def ways_to_ask(fact: AuthorisationFact) -> tuple[NextStep, ...]:
    ids = {"household_id": fact.household_id, "person_id": fact.person_id}
    return (NextStep("refuse_authorisation", Office((Role.CADRE,)), ids),)
