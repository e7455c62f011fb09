"""Names put together from common characters: they belong to everybody, and so to nobody."""

from contracts.registry.households import Relation, Sex
from lika.fiction.families import Seat
from lika.fiction.randomness import Chance

SURNAMES = "陈林黄吴李王张刘杨赵周徐孙马朱胡郭何高罗"
MALE = "国建志明文德永福根生贵富平安成立新春田山"
FEMALE = "秀玉兰英梅芳琴珍凤桂花素云霞莲翠香菊淑红"
YOUNG = "子雨欣佳思宇浩晨涵婷雪梦萱悦阳轩睿瑶"


def surname_of(surname: str, seat: Seat, head: Seat, draw: Chance) -> str:
    """The head's own line bears one name; who married in bears another."""
    blood = seat.relation in (Relation.HEAD, Relation.CHILD, Relation.GRANDCHILD) or (
        seat.relation is Relation.PARENT and seat.sex is head.sex is Sex.MALE
    )
    return surname if blood else draw.one_of(SURNAMES.replace(surname, ""))


def given_name(seat: Seat, draw: Chance) -> str:
    """One or two characters, in the fashion of their years."""
    older = MALE if seat.sex is Sex.MALE else FEMALE
    pool = older if seat.age > 25 else YOUNG
    return draw.one_of(pool) if draw.chance(15) else draw.one_of(pool) + draw.one_of(pool)
