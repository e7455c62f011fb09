"""What villages have built, with what a unit of it costs in yuan: sizes as in the tables of source facts §4, prices made up."""

from decimal import Decimal
from typing import NamedTuple

from contracts.quantities import Unit


class Works(NamedTuple):
    """``kind``: key of the document that says how such projects run; from ``least`` to ``most`` of ``unit`` at ``price`` each."""

    kind: str
    content: str
    unit: Unit
    least: int
    most: int
    price: int
    goal: str

    def cost(self, amount: int) -> Decimal:
        return Decimal(amount * self.price)


WORKS = (
    Works("roads", "通组道路硬化", Unit.KILOMETRE, 1, 3, 350_000, "群众出行方便"),
    Works("water_and_power", "安全饮水工程", Unit.SITE, 1, 3, 260_000, "户户有安全饮水"),
    Works("household_works", "入户卫生厕所改造", Unit.SET, 15, 60, 3_500, "户户有卫生厕所"),
    Works("village_income", "食用菌大棚", Unit.BUILDING, 4, 20, 40_000, "带动贫困户增收"),
    Works("public_buildings", "文化活动广场", Unit.SQUARE_METRE, 300, 1500, 400, "村有活动场所"),
    Works("whole_village", "整村推进环境整治", Unit.VILLAGE_GROUP, 2, 5, 180_000, "村容整洁、设施配套"),
)
"""M183–M187, M193, M208."""
