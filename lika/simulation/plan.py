"""The parameters of a simulation. Equal plans give the same province."""

from dataclasses import dataclass
from hashlib import sha256

EDITION = "lika-simulation/7"
"""Part of every digest: a new edition is another province."""

FIRST_YEAR, LAST_FIRST_YEAR, LAST_YEAR = 2014, 2019, 2099
MAX_HOUSEHOLDS = 2_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """``first`` and ``last`` are whole years, both included. Raises ``ValueError`` for a first year in which nobody is
    identified by the procedure of 2014 (which ended in 2020), and for more households than the codes can number."""

    households: int
    first: int = 2014
    last: int = 2026
    seed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.households <= MAX_HOUSEHOLDS:
            raise ValueError(f"households: 1 … {MAX_HOUSEHOLDS}")
        if not FIRST_YEAR <= self.first <= LAST_FIRST_YEAR or not self.first <= self.last <= LAST_YEAR:
            raise ValueError(f"years: first {FIRST_YEAR} … {LAST_FIRST_YEAR}, last up to {LAST_YEAR}")

    @property
    def digest(self) -> str:
        """SHA-256 in hex of everything that the province depends on."""
        parameters = f"{EDITION} households={self.households} first={self.first} last={self.last} seed={self.seed}"
        return sha256(parameters.encode()).hexdigest()
