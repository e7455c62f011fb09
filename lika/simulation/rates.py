"""How often events happen. Figures with a source keep its number; the others are made up and say nothing about any
place."""

from decimal import Decimal

from contracts.registry.codes import PovertyCause

ENTRY_PER_THOUSAND = {0: 880, 1: 30, 2: 40, 3: 40, 4: 7, 5: 3}
"""Per thousand households, by the year of the plan in which they are recorded: nearly all in the first round."""
LAST_ENTRY_YEAR = 2019
"""Identification, exit and return are in force until 2020."""
LAST_EXIT_YEAR = 2020

SIZE_WEIGHTS = {1: 20, 2: 24, 3: 24, 4: 19, 5: 9, 6: 3, 7: 1}
"""Persons of a household: 2.8 on average (P03: 2,073 persons in 746 households)."""

EXIT_RATES = {0: 160 / 746, 1: 118 / 586, 2: 105 / 468}
"""P04, P05: of the households still in the register, in the first, second and third year."""
LATER_EXIT_RATE = 0.8935
"""P02: exits proposed of those whom the look-back kept."""
SIZE_EFFECT = 0.16
"""P05: by so much each person above the average of 2.8 raises the exit rate, and each below lowers it."""
CASE_COMPLETION_RATE = 0.93
"""Of cases opened: exits and removals are fewer than their cases."""

LOOK_BACK_YEAR = 2017
LOOK_BACK_RATE = 3745 / 10995 / CASE_COMPLETION_RATE
"""Of the households re-verified, those for which a look-back case is opened. P01, P02: 34 % were removed."""

RETURN_RATE = 0.008
RETURN_CAUSES = {
    PovertyCause.ILLNESS: 50,
    PovertyCause.DISASTER: 20,
    PovertyCause.SCHOOLING: 15,
    PovertyCause.DISABILITY: 10,
    PovertyCause.NO_LABOUR: 5,
}

POVERTY_LINES = {
    2014: 2800, 2015: 2968, 2016: 3146, 2017: 3335, 2018: 3535, 2019: 3747, 2020: 4000,
    2021: 6000, 2022: 6800, 2023: 7300, 2024: 8000, 2025: 8700, 2026: 9200,
}  # fmt: skip
"""Yuan per head and year, only to give incomes their order of size; nothing is decided by them."""

MORTALITY = ((40, 0.0008), (60, 0.004), (70, 0.014), (80, 0.042), (200, 0.11))
"""Below this age, the share that dies in a year."""
BIRTH_RATE, MARRIAGE_IN_RATE, MARRIAGE_OUT_RATE = 0.08, 0.06, 0.08
MOVE_OUT_RATE, PUPIL_MOVE_OUT_RATE, ENLISTMENT_RATE = 0.03, 0.01, 0.01
OVERLOOKED_MEMBER_RATE = 0.003
SPLIT_RATE = 0.03
"""Of households in which a married child lives with an old head."""
MOVE_RATE, RESETTLEMENT_RATE = 0.002, 0.015
"""A year; the second from 2016 to 2019, when whole hamlets moved (M179)."""
RESETTLEMENT_YEARS = range(2016, 2020)
OUT_OF_PROVINCE_RATE, MERGER_RATE = 0.0006, 0.0002

AID_TAKE_UP_RATE = 0.85
"""Of pupils whom a standard covers: aid is for all (source facts §5 rule 4), but some apply late."""
HANDOVER_DAYS = (330, 900)
"""How long a helper stays with a household."""
LATE_DEATH_RATE, LATE_BIRTH_RATE, WRONG_DEATH_RATE, WRONG_INCOME_RATE = 0.06, 0.12, 0.004, 0.012
"""Of deaths, births and income surveys, those entered late or wrongly."""
PERSONAL_DATA_READ_RATE = 0.03


def exit_case_rate(years_since_first: int, persons: int) -> float:
    """The share of the households of this size for which an exit case is opened in that year of the plan."""
    rate = EXIT_RATES.get(years_since_first, LATER_EXIT_RATE)
    return min(rate * (1 + SIZE_EFFECT * (persons - 2.8)) / CASE_COMPLETION_RATE, 0.98)


def poverty_line(year: int) -> int:
    """Yuan per head in that year."""
    return POVERTY_LINES[max(min(year, max(POVERTY_LINES)), min(POVERTY_LINES))]


MOST_PROJECT_COST, CENTRAL_SHARE = 1_500_000, Decimal("0.8")
"""Yuan of a project of a township's year, and how much of it the centre brings; the county matches the rest (M197)."""
MATCHING_SHORT_RATE = 0.1
"""Of counties' years, those whose own money does not all arrive."""
GAP_RATE, WITHDRAWN_PROJECT_RATE, LATE_PROJECT_RATE, ISSUE_RATE = 0.1, 0.03, 0.15, 0.2
"""Of projects: drafted with a gap first, given up once they are planned, not done by their deadline, with something to put right."""
OVERPAID_PROJECT_RATE, IDLE_ASSET_RATE = 0.05, 0.06

BORROWING_RATE = 0.16
"""Of followed families, those that ask for a micro-credit in a year."""
LATE_INSTALMENT_RATE, REVERSAL_LIMIT = 0.15, 0.23
"""Of loans, those with a late instalment; those up to the second, with a payment that the bank takes back."""

ABSENCE_RATE, TRAINEE_LEAVING_RATE, JOB_LEFT_RATE = 0.1, 0.15, 0.3
"""Of sessions, those that a trainee misses; of who misses one, those who leave; of who is placed, those who go home within months."""
UNSAFE_HOUSING_RATE, CAUSE_FORGOTTEN_RATE, MEASURE_WITHDRAWN_RATE = 0.15, 0.12, 0.04
"""Of plans, those against an unsafe house as well, those that leave a cause without a measure; of measures, those given up."""

RETURN_RATE_OF_LINES = 0.04
"""Of lines that are handed over, those that the bank returns."""
