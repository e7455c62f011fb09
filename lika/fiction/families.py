"""The composition of families of one to seven: relations, ages and sexes."""

from dataclasses import dataclass

from contracts.registry.members import Relation, Sex
from lika.fiction.randomness import RandomSource


@dataclass(frozen=True, slots=True)
class MemberProfile:
    """What is known of a family's member before there is a name."""

    relation: Relation
    age: int
    sex: Sex


def draw_family(size: int, rng: RandomSource) -> list[MemberProfile]:
    """The members of a family of 1 to 7, the head first."""
    if size == 1:
        return [
            MemberProfile(Relation.HEAD, rng.randint(62, 84) if rng.chance(70) else rng.randint(45, 61), _sex(rng, 70))
        ]
    if size == 2:
        return _two_persons(rng)
    if size >= 4 and rng.chance(25):
        return _three_generations(size, rng)
    return _parents_and_children(size, rng)


def _two_persons(rng: RandomSource) -> list[MemberProfile]:
    kind = rng.weighted_choice({"couple": 50, "child": 30, "grandchild": 20})
    if kind == "couple":
        return _couple(rng.randint(58, 80), rng)
    if kind == "child":
        head = MemberProfile(Relation.HEAD, rng.randint(32, 48), _sex(rng, 60))
        return [head, MemberProfile(Relation.CHILD, rng.randint(6, min(17, head.age - 22)), _sex(rng, 52))]
    head = MemberProfile(Relation.HEAD, rng.randint(58, 72), _sex(rng, 50))
    return [head, MemberProfile(Relation.GRANDCHILD, rng.randint(5, 15), _sex(rng, 52))]


def _three_generations(size: int, rng: RandomSource) -> list[MemberProfile]:
    """An old head, a married son with wife and children; the head's spouse from five persons on."""
    grandparents = _couple(rng.randint(56, 68), rng, always_male=True)
    family = grandparents if size >= 5 else grandparents[:1]
    son = rng.randint(30, min(40, grandparents[0].age - 21))
    family += [
        MemberProfile(Relation.CHILD, son, Sex.MALE),
        MemberProfile(Relation.CHILD_IN_LAW, son - rng.randint(0, 4), Sex.FEMALE),
    ]
    return family + _children(size - len(family), min(15, son - 23), Relation.GRANDCHILD, rng)


def _parents_and_children(size: int, rng: RandomSource) -> list[MemberProfile]:
    couple = _couple(rng.randint(33, 54), rng)
    parents = {3: 0, 4: rng.randbelow(2), 5: rng.randint(0, 1), 6: 2, 7: 2}[size]
    children = _children(size - 2 - parents, min(20, couple[0].age - 25), Relation.CHILD, rng)
    return couple + children + _parents(couple[0], parents, rng)


def _couple(age: int, rng: RandomSource, *, always_male: bool = False) -> list[MemberProfile]:
    sex = Sex.MALE if always_male else _sex(rng, 88)
    spouse_sex = Sex.FEMALE if sex is Sex.MALE else Sex.MALE
    return [
        MemberProfile(Relation.HEAD, age, sex),
        MemberProfile(Relation.SPOUSE, age - rng.randint(-2, 5), spouse_sex),
    ]


def _children(number: int, eldest: int, relation: Relation, rng: RandomSource) -> list[MemberProfile]:
    children: list[MemberProfile] = []
    age = rng.randint(min(3, eldest), eldest)
    for _ in range(number):
        children.append(MemberProfile(relation, max(age, 0), _sex(rng, 52)))
        age -= rng.randint(2, 5)
    return children


def _parents(head: MemberProfile, number: int, rng: RandomSource) -> list[MemberProfile]:
    """A single parent is the mother, since women live longer."""
    mother = MemberProfile(Relation.PARENT, min(head.age + rng.randint(20, 30), 88), Sex.FEMALE)
    return [mother, MemberProfile(Relation.PARENT, min(mother.age + rng.randint(0, 5), 90), Sex.MALE)][:number]


def _sex(rng: RandomSource, male_percent: int) -> Sex:
    return Sex.MALE if rng.chance(male_percent) else Sex.FEMALE
