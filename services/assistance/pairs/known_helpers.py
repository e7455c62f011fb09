"""Whether anything is known of a helper: by the staff directory, or as whoever answers for a party. A number in the list of the unit that
sends them is neither; whoever enters it is told that nobody will learn when such a helper leaves."""

from services.assistance.messages import say
from services.chassis.log.command_record import CommandWarning
from services.chassis.log.unit import Tx

KNOWN = (
    b"SELECT NOT EXISTS (SELECT FROM staff_accounts) OR EXISTS (SELECT FROM staff_accounts WHERE account = %(account)s)"
    b" OR EXISTS (SELECT FROM parties WHERE account = %(account)s)"
)
"""Where no staff is on record, nothing is said of anybody."""


def tell_if_unknown(tx: Tx, helper: str) -> None:
    row = tx.cur.execute(KNOWN, {"account": helper}, prepare=True).fetchone()
    if row is not None and not row[0]:
        why = say("helper_on_no_list", helper=helper)
        tx.warnings.append(CommandWarning.of(why.code, why, {"helper": helper}))
