"""Who lives together: relations, ages and sexes of a family of one to seven."""

from dataclasses import dataclass

from contracts.registry.households import Relation, Sex
from lika.fiction.randomness import Chance


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a family before it has a name."""

    relation: Relation
    age: int
    sex: Sex


def seats(size: int, draw: Chance) -> list[Seat]:
    """The relations, ages and sexes of a family of 1 to 7, the head first."""
    if size == 1:
        return [Seat(Relation.HEAD, draw.between(62, 84) if draw.chance(70) else draw.between(45, 61), _sex(draw, 70))]
    if size == 2:
        return _pair(draw)
    if size >= 4 and draw.chance(25):
        return _three_generations(size, draw)
    return _parents_and_children(size, draw)


def _pair(draw: Chance) -> list[Seat]:
    kind = draw.weighted({"couple": 50, "child": 30, "grandchild": 20})
    if kind == "couple":
        return _couple(draw.between(58, 80), draw)
    if kind == "child":
        head = Seat(Relation.HEAD, draw.between(32, 48), _sex(draw, 60))
        return [head, Seat(Relation.CHILD, draw.between(6, min(17, head.age - 22)), _sex(draw, 52))]
    head = Seat(Relation.HEAD, draw.between(58, 72), _sex(draw, 50))
    return [head, Seat(Relation.GRANDCHILD, draw.between(5, 15), _sex(draw, 52))]


def _three_generations(size: int, draw: Chance) -> list[Seat]:
    """An old head, a married son, his children; the head's spouse from five persons on."""
    old = _couple(draw.between(56, 68), draw, always_male=True)
    family = old if size >= 5 else old[:1]
    son = draw.between(30, min(40, old[0].age - 21))
    family += [Seat(Relation.CHILD, son, Sex.MALE), Seat(Relation.CHILD_IN_LAW, son - draw.between(0, 4), Sex.FEMALE)]
    return family + _children(size - len(family), min(15, son - 23), Relation.GRANDCHILD, draw)


def _parents_and_children(size: int, draw: Chance) -> list[Seat]:
    couple = _couple(draw.between(33, 54), draw)
    parents = {3: 0, 4: draw.below(2), 5: draw.between(0, 1), 6: 2, 7: 2}[size]
    children = _children(size - 2 - parents, min(20, couple[0].age - 25), Relation.CHILD, draw)
    return couple + children + _parents(couple[0], parents, draw)


def _couple(age: int, draw: Chance, *, always_male: bool = False) -> list[Seat]:
    sex = Sex.MALE if always_male else _sex(draw, 88)
    other = Sex.FEMALE if sex is Sex.MALE else Sex.MALE
    return [Seat(Relation.HEAD, age, sex), Seat(Relation.SPOUSE, age - draw.between(-2, 5), other)]


def _children(number: int, eldest: int, relation: Relation, draw: Chance) -> list[Seat]:
    found: list[Seat] = []
    age = draw.between(min(3, eldest), eldest)
    for _ in range(number):
        found.append(Seat(relation, max(age, 0), _sex(draw, 52)))
        age -= draw.between(2, 5)
    return found


def _parents(head: Seat, number: int, draw: Chance) -> list[Seat]:
    """One parent is the mother: women grow older."""
    mother = Seat(Relation.PARENT, min(head.age + draw.between(20, 30), 88), Sex.FEMALE)
    return [mother, Seat(Relation.PARENT, min(mother.age + draw.between(0, 5), 90), Sex.MALE)][:number]


def _sex(draw: Chance, male_percent: int) -> Sex:
    return Sex.MALE if draw.chance(male_percent) else Sex.FEMALE
