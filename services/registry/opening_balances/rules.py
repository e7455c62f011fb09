"""Rules by which an opening balance is refused."""

from services.chassis.ground.refusals import rule

SOURCE = "Lika design: two times (migrated history is asserted); access rules: four eyes"

BALANCE_STANDS = rule(
    "opening_balance_stands",
    zh="本县已经切换，期初数只登记一次；有误时由两人作废后重新登记。",
    en="The county is cut over already, by the balance ``balance_id``; if that is wrong, two persons annul it, and another is entered.",
    source=SOURCE,
)
NO_BALANCE = rule(
    "opening_balance_none",
    zh="本县没有已批准的期初数可以作废。",
    en="The county has no approved opening balance that could be annulled.",
    source=SOURCE,
)
FIGURES_IMPOSSIBLE = rule(
    "opening_balance_figures",
    zh="每一栏的人数不少于户数；没有户就没有人。请核对 lines 所列各栏。",
    en="Of no line are there fewer persons than households, or persons without a household: look at ``lines``.",
    source="Lika design: households and persons are always two figures",
    status=422,
)
LINE_TWICE = rule(
    "opening_balance_line_twice",
    zh="同一状态（及类型）只填一栏，见 lines。",
    en="Each status, and each kind of it, is said once: ``lines``.",
    source="Lika design: households and persons are always two figures",
    status=422,
)
SAID_BEFORE_THE_DAY = rule(
    "opening_balance_said_before_its_day",
    zh="原系统的数据日期（source_recorded_on）不能早于期初日。",
    en="The older system cannot have said it before that day: ``source_recorded_on`` is the day or later.",
    source="Lika design: two times",
    status=422,
)
OTHER_COMPARISON = rule(
    "opening_balance_other_comparison",
    zh="所引的对账不是本县截至期初日的对账，请引用截至该日的一次，或先按该日对账。",
    en="The comparison named is not of this county as of that day: name one that is, or compare the list of that day first.",
    source=SOURCE,
    status=422,
)
