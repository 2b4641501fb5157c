"""Chapter three: the contract, and the first tranche on its way through four hands."""

from django.utils import timezone

from funding.enums import Action
from tests.journeys.forming import CONSORTIUM
from tests.journeys.person import Person

FIRST = 960_000  # yuan: 60 % of the award
VOUCHER = "样例凭证0001"
STATEMENT = "首笔资金用于样机研制材料与第三方测试；自筹资金一千二百万元已到位。"


def sign_contract(lead: Person) -> None:
    """The lead's signature."""
    lead.follow("Funds")
    lead.follow("Contract")
    lead.follow(Action.SIGN)
    lead.fill({"I have read the contract and sign it in the name of my organisation.": True})
    lead.press(Action.SIGN)
    lead.has_done(Action.SIGN)


def countersign_contract(head: Person) -> None:
    """The bureau's signature; the contract takes effect."""
    head.follow("Funds")
    head.follow_text(CONSORTIUM)
    head.follow(Action.COUNTERSIGN)
    head.press(Action.COUNTERSIGN)
    head.has_done(Action.COUNTERSIGN)


def request_tranche(lead: Person) -> None:
    """The lead says what the money is for."""
    lead.follow("Funds")
    lead.follow("No. %(n)s", n=1)
    lead.follow(Action.REQUEST)
    lead.fill({"Statement": STATEMENT})
    lead.press(Action.REQUEST)
    lead.has_done(Action.REQUEST)


def move_tranche(official: Person, act: Action) -> None:
    """One of the three who release the money, from the queue that waits for each."""
    open_tranche(official)
    official.follow(act)
    official.press(act)
    official.has_done(act)


def open_tranche(official: Person) -> None:
    """The first tranche, from the officials' list."""
    official.follow("Funds")
    official.follow_text(CONSORTIUM)


def pay_tranche(cashier: Person) -> None:
    """What the bank reports."""
    open_tranche(cashier)
    cashier.follow(Action.PAY)
    cashier.fill({"Voucher number": VOUCHER})
    assert cashier.field("Paid on").input_value() == timezone.localdate().isoformat()
    cashier.press(Action.PAY)
    cashier.has_done(Action.PAY)


def confirm_receipt(lead: Person) -> None:
    """The money has arrived."""
    lead.follow("Funds")
    lead.follow("No. %(n)s", n=1)
    lead.follow(Action.CONFIRM_RECEIPT)
    lead.press(Action.CONFIRM_RECEIPT)
    lead.has_done(Action.CONFIRM_RECEIPT)
