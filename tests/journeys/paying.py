"""Chapter three: the contract, and the first tranche on its way through four hands."""

from collections.abc import Callable

from django.utils import timezone

from funding.enums import Action
from funding.models import Contract
from funding.selectors.parties import people_of, what_waits
from tests.journeys.forming import CONSORTIUM
from tests.journeys.person import Person

PROGRAMME = "样例专项资金"
FIRST = 960_000  # yuan: 60 % of the award
VOUCHER = "样例凭证0001"
STATEMENT = "首笔资金用于样机研制材料与第三方测试；自筹资金一千二百万元已到位。"


def appropriate(finance: Person) -> None:
    """The budget of the year: the programme, its line, and the document that gives the money."""
    year = timezone.localdate().year
    finance.follow("Funds")
    finance.follow("Budget lines")
    finance.follow("Take up programme")
    finance.fill({"code": "YL-1", "name": PROGRAMME})
    finance.press("Take up programme")
    finance.is_told("The programme is taken up.")
    finance.fill({"programme": PROGRAMME, "year": year, "budget item": "2060499", "name": PROGRAMME})
    finance.press("Open budget line")
    finance.is_told("The budget line is open.")
    finance.follow("Record appropriation")
    finance.fill({"Amount (×10k yuan)": "3600", "document number": f"样财〔{year}〕1号"})
    finance.fill({"Date of the document": timezone.localdate().isoformat()})
    finance.press("Record appropriation")
    finance.is_told("It counts as soon as a leader has confirmed it.")


def confirm_budget(leader: Person) -> None:
    """The second person."""
    leader.follow("Funds")
    leader.follow("Budget lines")
    leader.follow_text(PROGRAMME)
    leader.follow("Confirm")
    leader.press(Action.CONFIRM_APPROPRIATION)
    leader.has_done(Action.CONFIRM_APPROPRIATION)


def read_books(finance: Person) -> None:
    """What was granted is committed, the first tranche is paid; the ledger says by which entries."""
    finance.follow("Funds")
    finance.follow("Budget lines")
    finance.sees("160.00")
    finance.sees("96.00")
    finance.follow("Ledger")
    finance.sees(VOUCHER)


def offer_contract(officer: Person) -> None:
    """The officer looks at the draft and offers it."""
    officer.follow("Funds")
    officer.follow_text(CONSORTIUM)
    officer.follow(Action.OFFER_CONTRACT)
    officer.press(Action.OFFER_CONTRACT)
    officer.has_done(Action.OFFER_CONTRACT)


def confirm_contract(party: Person) -> None:
    """A party confirms its part."""
    party.follow("Funds")
    party.follow("Contract")
    party.follow(Action.CONFIRM_CONTRACT)
    party.fill({"I have read the contract; the duties and the money of my organisation in it are right.": True})
    party.press(Action.CONFIRM_CONTRACT)
    party.has_done(Action.CONFIRM_CONTRACT)


def let_others_act(act: Callable[..., Contract]) -> None:
    """Those who look at no page confirm or sign as well."""
    contract = Contract.objects.get()
    for party in [party for party in contract.parties.all() if what_waits(contract, party)]:
        act(contract=contract, actor=people_of(party).first(), at=timezone.now())


def sign_contract(party: Person) -> None:
    """A party's signature."""
    party.follow("Funds")
    party.follow("Contract")
    party.follow(Action.SIGN)
    party.fill({"I have read the contract and sign it in the name of my organisation.": True})
    party.press(Action.SIGN)
    party.has_done(Action.SIGN)


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
