"""What the page of a pay-list offers to each of those who pay."""

from tests.assistance.payments.lists_handed_over import BANK_DAY
from tests.assistance.payments.paying import PayOffice
from tests.support.running import ApiClient


def test_of_a_list_those_acts_are_offered_that_its_stage_and_the_hands_in_it_allow(office: PayOffice) -> None:
    office.pupils(1)
    pay_list = office.compile(BANK_DAY)

    def offered(who: ApiClient) -> set[str]:
        (answer,) = office.harness.get("/acts", who, subject=f"/assistance{pay_list.removeprefix('/assistance')}")
        assert answer["exists"]
        return {act["act"] for act in answer["acts"]}

    fresh = {"strike_payment_lines", "withdraw_pay_list"}
    assert offered(office.township) == {"post_pay_list"}
    assert offered(office.department) == {*fresh, "post_pay_list"}
    assert offered(office.finance) == fresh
    office.harness.post(office.township, f"{pay_list}/postings", {"on": "2016-10-31"})
    assert offered(office.township) == set()
    assert offered(office.department) == {*fresh, "verify_pay_list"}
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": "2016-10-31"})
    assert offered(office.finance) == {*fresh, "release_payments"}
    office.release(pay_list, BANK_DAY)
    assert offered(office.finance) == {*fresh, "hand_over_payments"}
    office.harness.post(office.finance, f"{pay_list}/handovers", {"on": BANK_DAY, "voucher_no": "V1"})
    handed = {"import_payment_results", "report_payment_outcome", "read_payment_accounts"}
    assert offered(office.finance) == handed
    office.take(pay_list, office.result(pay_list, BANK_DAY, {1: "账户已销户"}))
    assert {"reissue_payments", "annul_payment_outcome"} <= offered(office.finance)
    again = office.harness.post(office.finance, f"{pay_list}/reissues", {"on": BANK_DAY})
    assert "reissue_payments" not in offered(office.finance)  # nothing of it waits any more
    office.harness.post(office.finance, f"{again}/withdrawals", {"on": BANK_DAY})
    assert "reissue_payments" in offered(office.finance)
