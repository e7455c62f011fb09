"""Names put together from common characters: they belong to nobody in particular."""

from contracts.registry.members import Relation, Sex
from lika.fiction.families import MemberProfile
from lika.fiction.randomness import RandomSource

SURNAMES = "陈林黄吴李王张刘杨赵周徐孙马朱胡郭何高罗"
GIVEN_MALE = "国建志明文德永福根生贵富平安成立新春田山"
GIVEN_FEMALE = "秀玉兰英梅芳琴珍凤桂花素云霞莲翠香菊淑红"
GIVEN_YOUNG = "子雨欣佳思宇浩晨涵婷雪梦萱悦阳轩睿瑶"
"""For either sex up to the age of 25."""


def member_surname(family_surname: str, member: MemberProfile, head: MemberProfile, rng: RandomSource) -> str:
    """The head's own line bears the family's surname; who married in bears another."""
    own_line = member.relation in (Relation.HEAD, Relation.CHILD, Relation.GRANDCHILD) or (
        member.relation is Relation.PARENT and member.sex is head.sex is Sex.MALE
    )
    return family_surname if own_line else rng.choice(SURNAMES.replace(family_surname, ""))


def given_name(member: MemberProfile, rng: RandomSource) -> str:
    """One or two characters, as was usual when they were born."""
    older = GIVEN_MALE if member.sex is Sex.MALE else GIVEN_FEMALE
    characters = older if member.age > 25 else GIVEN_YOUNG
    return rng.choice(characters) if rng.chance(15) else rng.choice(characters) + rng.choice(characters)
