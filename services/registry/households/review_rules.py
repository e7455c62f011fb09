"""Numbers that await their review: which offices review, and what is refused until then."""

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.chassis.ground.next_steps import Office
from services.chassis.ground.refusals import rule

REVIEWING_LEVELS = (Level.COUNTY, Level.CITY, Level.PROVINCE)
"""From the lowest up: the first whose area covers both holders."""
REVIEWING_OFFICE = Office((Role.REVIEWER, Role.DECIDER), REVIEWING_LEVELS, another_person=True)

NUMBER_AWAITS_REVIEW = rule(
    "number_awaits_review",
    zh="该户有成员的证件号码已登记在别处，尚待核定，暂不能批准：请由辖区涵盖两处的机关核定，更正后再决定。",
    en="Somebody of this household has an ID number that is held elsewhere and awaits its review: it cannot be approved yet. The"
    " office whose area covers both decides under /registry/number-reviews; decide the case after that.",
    source="GB 11643; Lika design: numbers held in two places",
)
