"""Decisions about the status of a household, as a procedure would hand them on. Drawn with the others."""

from collections.abc import Callable

from contracts.facts import HouseholdFact
from contracts.registry.codes import PovertyCause
from contracts.registry.monitoring import EliminationManner, EliminationWithdrawn, MonitoringStarted, RiskEliminated
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from services.registry.households import domain
from tests.properties.household_commands import HANDLERS, Command, Township, about
from tests.properties.household_repositories import HouseholdRepository


def _status(make: Callable[..., HouseholdFact]) -> Callable[[Township, Command, HouseholdRepository], None]:
    def change(township: Township, command: Command, repository: HouseholdRepository) -> None:
        household = township.household(command)
        fact = make(**about(household, command, repository))
        repository.save(domain.change_status(repository.load(household), fact, repository.today, repository.load))

    return change


STATUS_COMMANDS = {
    "enrol": _status(lambda **about: HouseholdEnrolled(**about, standard=Standard.NATIONAL)),
    "exit": _status(lambda **about: HouseholdExited(**about, enjoys_policies=True)),
    "return": _status(
        lambda **about: HouseholdReturned(**about, cause=PovertyCause.ILLNESS, former_exit="registry/x/1")
    ),
    "monitor": _status(lambda **about: MonitoringStarted(**about, kind="marginal", risks=("illness",))),
    "eliminate": _status(lambda **about: RiskEliminated(**about, manner=EliminationManner.NATURALLY)),
    "withdraw": _status(lambda **about: EliminationWithdrawn(**about, elimination="registry/x/1")),
    "remove": _status(lambda **about: HouseholdRemoved(**about, reason="never_qualified")),
}
HANDLERS |= STATUS_COMMANDS
