"""Commands that name a household as people do, by its 户编号."""

from uuid import UUID

from services.casework.messages import say
from services.chassis.web.cli_client import House, fail


def household_named(house: House, named: str) -> str:
    """The id. Ends the command where no household has this number in the caller's area, or several have."""
    try:
        return str(UUID(named))
    except ValueError:
        found = house.get_all("/registry/households", national_no=named)
    if not found:
        fail(str(say("no_such_household_number", number=named)))
    if len(found) > 1:
        fail(str(say("several_households_numbered", number=named, ids=[each["household_id"] for each in found])))
    return str(found[0]["household_id"])
