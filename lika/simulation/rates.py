"""How often things happen. Figures with a source keep its number; the others are this fiction's own and say nothing
about any place."""

from contracts.registry.households import PovertyCause

ENTRY_PER_THOUSAND = {0: 880, 1: 30, 2: 40, 3: 40, 4: 7, 5: 3}
"""Per thousand households, by the year of the plan in which they are taken down: nearly all in the first round."""
LAST_ENTRY = 2019
"""Identification, exit and return are in force until 2020."""
LAST_YEAR_OF_EXITS = 2020

SIZES = {1: 20, 2: 24, 3: 24, 4: 19, 5: 9, 6: 3, 7: 1}
"""Persons of a household: 2.8 on average (P03: 2,073 persons in 746 households)."""

EXIT_SHARE = {0: 160 / 746, 1: 118 / 586, 2: 105 / 468}
"""P04, P05: of those left in the register, in the first, second and third year."""
EXIT_SHARE_LATER = 0.8935
"""P02: exits proposed of those whom the look-back kept."""
BIG_FIRST = 0.16
"""P05: each person above or below the average of 2.8 makes an exit so much likelier or less likely."""

LOOK_BACK_YEAR = 2017
LOOK_BACK_SHARE = 3745 / 10995
"""P01, P02: 34 % of the households re-verified were removed."""

RETURN_SHARE = 0.008
RETURN_CAUSES = {
    PovertyCause.ILLNESS: 50,
    PovertyCause.DISASTER: 20,
    PovertyCause.SCHOOLING: 15,
    PovertyCause.DISABILITY: 10,
    PovertyCause.NO_LABOUR: 5,
}

LINES = {
    2014: 2800, 2015: 2968, 2016: 3146, 2017: 3335, 2018: 3535, 2019: 3747, 2020: 4000,
    2021: 6000, 2022: 6800, 2023: 7300, 2024: 8000, 2025: 8700, 2026: 9200,
}  # fmt: skip
"""Yuan per head and year, only to give incomes their order of size; nothing is decided by them."""
LAST_LINE = 2026

DEATHS = ((40, 0.0008), (60, 0.004), (70, 0.014), (80, 0.042), (200, 0.11))
"""Up to this age, the share that dies in a year."""
BIRTH_SHARE, BRIDE_SHARE, MARRIES_AWAY, LEAVES_HOME, ENLISTS = 0.08, 0.06, 0.08, 0.03, 0.01
SPLIT_SHARE = 0.03
"""Of households in which a married child lives with the old head."""
MOVE_SHARE, MOVE_SHARE_RESETTLEMENT = 0.002, 0.015
"""A year; the second from 2016 to 2019, when whole hamlets moved (M179)."""
LEAVES_PROVINCE, MERGES = 0.0006, 0.0002

OVERLOOKED, PUPIL_LEAVES = 0.003, 0.01
RESETTLEMENT = range(2016, 2020)

AID_TAKEN_UP = 0.85
"""Of pupils whom a standard covers: aid is for all (source facts §5 rule 4), and some hear of it late."""
HANDOVER_DAYS = (330, 900)
"""A helper's time with a household."""
LATE_DEATHS, LATE_BIRTHS, WRONG_DEATHS, WRONG_INCOMES, READINGS = 0.06, 0.12, 0.004, 0.012, 0.03


def line(year: int) -> int:
    """Yuan per head in that year."""
    return LINES[max(min(year, LAST_LINE), 2014)]
