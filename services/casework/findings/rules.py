"""Why an answer to a finding is refused."""

from services.chassis.ground.refusals import rule

SOURCE = "Lika design: findings"

NOT_STANDING = rule(
    "finding_not_standing",
    zh="该核查发现目前不存在（登记内容已变更）；请刷新清单，无需再作说明。",
    en="This finding does not stand any more, for the facts have changed; read the list again, nothing is to be answered.",
    source=SOURCE,
)
ANSWERED = rule(
    "finding_answered_already",
    zh="该核查发现已有说明；登记内容变更后才需要重新说明。",
    en="This finding has been answered; it needs another answer only once what it rests on has changed.",
    source=SOURCE,
)
ANOTHER_OFFICE = rule(
    "finding_of_another_office",
    zh="该核查发现由其他层级或岗位说明，请交由其办理。",
    en="Another level of office or another role answers this finding; leave it to them.",
    source="owner of the rule in the document of check rules",
    status=403,
)
OWN_ENTRY = rule(
    "finding_own_entry",
    zh="该核查发现所依据的内容由本人录入，须由另一人核实并说明。",
    en="You entered what this finding rests on; another person has to look into it and answer.",
    source="Lika design: four eyes",
)
DAY_TOO_LATE = rule(
    "finding_day_too_late",
    zh="核查发现只推算到明年年底，更晚的日子无从得知；请改为更早的日期。",
    en="Findings are worked out until the end of next year, and nobody can say what stands later: ask for `latest` or a day"
    " before it.",
    source=SOURCE,
    status=422,
)
