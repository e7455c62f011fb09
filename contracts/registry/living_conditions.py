"""Coded values of how a household lives: its house, water, power and toilet (生产生活条件)."""

from enum import StrEnum


class HousingGrade(StrEnum):
    """住房安全等级: A and B are safe, C is dangerous in part, D as a whole (JGJ 125)."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"


class WaterSupply(StrEnum):
    """饮用水来源. Whether it is safe, ``ConditionsSurveyed`` says."""

    PIPED = "piped"
    WELL = "well"
    SPRING = "spring"
    CISTERN = "cistern"
    SURFACE = "surface"
    OTHER = "other"


class PowerSupply(StrEnum):
    """通电情况: none, for the house, or for machines as well."""

    NONE = "none"
    DOMESTIC = "domestic"
    PRODUCTIVE = "productive"


class Toilet(StrEnum):
    """厕所类型. Flushed and composting ones are sanitary (GB 19379)."""

    FLUSHED = "flushed"
    COMPOSTING = "composting"
    UNSANITARY = "unsanitary"
    SHARED = "shared"
    NONE = "none"
