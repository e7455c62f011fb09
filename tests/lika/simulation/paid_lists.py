"""What is asked of a running house about the pay-lists of a simulated township."""

from decimal import Decimal

from contracts.assistance.payment_accounts import AmountRecovered
from contracts.assistance.payments import PayListCompiled, PaymentsReturned, PaymentsSettled
from tests.lika.simulation.simulated_logs import SimulatedLogs
from tests.support.running import ApiClient


def require_payments_add_up(decider: ApiClient, simulation: SimulatedLogs) -> None:
    """Both identities hold and are made of the simulated sums; each list is what was due, as known when it was made."""
    told = [r.fact for r in simulation.logs["assistance"]]
    lists = {f.list_id: f for f in told if isinstance(f, PayListCompiled)}
    asked = {"programme": "education_aid", "division": "990121201"}
    identities = decider.get("/assistance/payments/identities", **asked).json()
    assert identities["hold"], identities
    assert {each["list_id"] for each in identities["lists"]} == {str(id_) for id_ in lists}
    returned = [f for f in told if isinstance(f, PaymentsReturned)]
    settled = sum(f.total for f in told if isinstance(f, PaymentsSettled)) - sum(f.of_settled for f in returned)
    assert Decimal(identities["settled"]) == settled > 0
    assert Decimal(identities["returned"]) == sum(f.total for f in returned) > 0
    recovered = sum(f.amount for f in told if isinstance(f, AmountRecovered))
    assert Decimal(identities["recovered"]) == recovered > 0
    assert Decimal(identities["pending"]) == 0
    for id_, compiled in lists.items():
        if compiled.reissues is None:
            again = decider.get(f"/assistance/pay-lists/{id_}/reproduction").json()
            assert (again["same"], again["lines"]) == (True, compiled.lines), again
