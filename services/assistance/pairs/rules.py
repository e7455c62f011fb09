"""Why forming, committing to or ending a pair is refused."""

from services.chassis.ground.refusals import rule

DOCUMENT = "pair kind document in force on the day"
MADE_SO = "docs/decisions/0083-pairs-are-documents.md"

KIND_UNKNOWN = rule(
    "pair_kind_unknown",
    zh="没有这一类结对，请核对 kind 的代码。",
    en="There is no such kind of pair; check the code given as `kind`.",
    source="pair kind documents of this installation",
)
KIND_NOT_IN_FORCE = rule(
    "pair_kind_not_in_force",
    zh="该类结对当日在该地没有生效的文件；请核对日期，或请管理员补录文件。",
    en="No document of this kind of pair was in force there on that day; check the day, or have an operator adopt one.",
    source="pair kind documents of this installation",
)
OTHER_OFFICE = rule(
    "pair_of_another_office",
    zh="该类结对由其他岗位或层级办理，见其文件。",
    en="Another role or level forms pairs of this kind; its document says which.",
    source=DOCUMENT,
    status=403,
)
OTHER_SUBJECT = rule(
    "pair_subject_of_other_kind",
    zh="该类结对不是帮扶这种对象的；请改选对象，或改用另一类结对。",
    en="Pairs of this kind do not help such a subject; name another, or use another kind.",
    source=DOCUMENT,
)
SUBJECT_NOT_THERE = rule(
    "pair_subject_not_known_then",
    zh="登记中当日没有该对象（尚未登记、已去世或已注销）；请核对日期，或先补录登记。",
    en="The subject is not on record on that day: not yet, or not any more; check the day, or enter the register's facts first.",
    source="Lika design: two times",
)
SUBJECT_NOT_LISTED = rule(
    "pair_subject_not_listed",
    zh="该对象当日不在该类帮扶对象名单中；请先列入名单。",
    en="The subject is not on the list of those whom pairs of this kind are for on that day: list it first (listings).",
    source="M065, M066, M078; source facts §5 rule 34",
)
LISTED_ALREADY = rule(
    "pair_subject_listed_already",
    zh="该对象已在名单中，无须重复列入。",
    en="The subject is on the list already; it need not be listed again.",
    source=MADE_SO,
)
NOT_ON_LIST = rule(
    "pair_listing_over",
    zh="该对象已不在名单中；请核对编号。",
    en="The subject is off the list already; check the number.",
    source=MADE_SO,
)
PRIORITY_NOT_LISTED = rule(
    "pair_priority_not_of_the_kind",
    zh="优先情形不在该类结对文件所列之中；请从 codes 中选填。",
    en="The ground of priority is none of those of the document; choose from `codes`.",
    source="source facts §5 rule 34",
)
MODE_NOT_LISTED = rule(
    "pair_mode_not_of_the_kind",
    zh="须写明安排方式，且应是该类结对文件所列的一种；请从 codes 中选填。",
    en="Say by what the helper is assigned, as the document lists it; choose from `codes`.",
    source="M066: by class, by neighbourhood, by subject",
)
WHO_THE_HELPER_IS = rule(
    "pair_helper_on_record",
    zh="该类结对的帮扶方须是在册的人员或单位；请在 helper_subject 中填写其编号。",
    en="The helper of such a pair is somebody on record: say who in `helper_subject`.",
    source="M056, M076, M081: a fellow pupil, an enterprise, a union helps",
)
HELPS_ONESELF = rule(
    "pair_helps_oneself",
    zh="帮扶方与被帮扶方不能相同；请核对。",
    en="Nobody helps themselves; check both.",
    source=MADE_SO,
)
PAIRED_ALREADY = rule(
    "pair_formed_already",
    zh="此人当日已在该类结对中帮扶该对象，无须重复结对。",
    en="This helper helps the subject in such a pair on that day already.",
    source=MADE_SO,
)
HELPER_FULL = rule(
    "pair_helper_has_enough",
    zh="该帮扶人在此期间所帮对象已达该类结对的上限；请另选帮扶人。",
    en="The helper has as many subjects in that time as the document allows; choose another.",
    source="M068: exactly one to one; limits of the pair kind document",
)
HELPED_ENOUGH = rule(
    "pair_subject_has_enough",
    zh="该对象在此期间的帮扶人已达该类结对的上限；需要更换的请办理交接，多出的请先结束。",
    en="The subject has as many helpers in that time as the document allows; hand over where one shall be replaced, or end one that is"
    " too many.",
    source="M049, M076; limits of the pair kind document",
)
TERM_NOT_SAID = rule(
    "pair_term",
    zh="该类结对须写明期限（ends_on），且不超过文件所定年数。",
    en="A pair of this kind says its term, of no more years than its document allows.",
    source="M058: three years of stationing; M073: three years",
)
SOMETHING_COMES_FIRST = rule(
    "pair_something_comes_first",
    zh="结对前须先有 missing 所列的记录（例如先摸底）；请先补登。",
    en="The records named in `missing` come before the pair (a survey of needs): enter these first.",
    source="M084; source facts §5 rule 43",
)
NOT_SIGNED_FOR = rule(
    "pair_takes_no_letters",
    zh="该类结对不签承诺书；请核对编号。",
    en="No letters are signed for a pair of this kind; check its number.",
    source=DOCUMENT,
)
SIGNED_ALREADY = rule(
    "pair_letter_signed_already",
    zh="这一方已签承诺书，无须再签。",
    en="This side has signed its letter already.",
    source="M051",
)
NO_CONTRACT = rule(
    "pair_takes_no_contract",
    zh="该类结对不签包保脱贫责任书；请核对编号。",
    en="No contract to exit is signed for a pair of this kind; check its number.",
    source="M050",
)
CONTRACT_IN_TIME = rule(
    "pair_contract_day",
    zh="责任书所定脱贫日期须晚于签订日期；请核对。",
    en="The day of exit lies after that on which the contract is signed; check both.",
    source="M050",
)
NOT_THEN = rule(
    "pair_not_then",
    zh="当日没有这一结对（尚未开始或已经结束）；请核对日期。",
    en="There is no such pair on that day: it has not begun, or is over; check the day.",
    source="Lika design: two times",
)
SUMMARY_MISSING = rule(
    "pair_summary_missing",
    zh="结束前须有 missing 所列的记录（例如总结、移交材料）；请先补登，或写明其他结束原因。",
    en="Before it is completed the records named in `missing` are due (a summary, a handover file): enter them, or give another reason.",
    source="M059, M069; source facts §5 rule 43",
)
SAME_HELPER = rule(
    "pair_same_helper",
    zh="交接双方不能是同一人。",
    en="One hands over to somebody else.",
    source="source facts §5 rule 46",
)
SAME_SUBJECT = rule(
    "pair_moved_nowhere",
    zh="调整后的对象与原对象相同；请核对。",
    en="The pair is moved to where it was; check the subject.",
    source="source facts §5 rule 45",
)
NOT_REGISTERED = rule(
    "pair_household_not_registered",
    zh="该户不在册，不安排这一类结对。",
    en="The household is not in the register; nobody is paired with it in this way.",
    source="M049; source facts §5 rule 21",
)
HAS_HELPER = rule(
    "pair_has_helper",
    zh="该户已有这一类结对的帮扶人，请办理更换；确需增派一人的，请注明增派。",
    en="The household has a helper in such a pair: have the next one take over (successions), or say that this one comes in addition"
    " (additional).",
    source="M049: each household has a helper; source facts §5 rules 42, 46",
)
EXIT_RULE_NOT_IN_FORCE = rule(
    "pair_exit_rule_not_in_force",
    zh="当日当地没有生效的规定（脱贫后是否继续帮扶）；请管理员补录参数文件。",
    en="No rule was in force there on that day on whether help goes on after an exit; have an operator adopt one.",
    source="pairing parameters",
)
