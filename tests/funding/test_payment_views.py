"""The pages of payment batches and bank statements: who sees them, and a payment from the list to the bank and back."""

import csv
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from funding.enums import BatchStatus, LineOutcome, TrancheStatus
from funding.models import BankStatement, Payment, PaymentBatch
from portal.kernel.models import ExportLog
from tests.factories.funding import make_contract, make_tranche
from tests.factories.payments import make_batch, make_statement, said
from tests.funding.steps import queries_of
from tests.personas import Personas

PAGES = ("batch-list", "statement-list")
T, B = TrancheStatus, BatchStatus
HEAD = "Order number,Payee,Amount (yuan),Day,What the bank did,Reference of the bank,Remark"


@pytest.fixture
def enter(sign_in: Any) -> Any:
    """Sign somebody in who reads English."""

    def act(person: Any) -> Client:
        client: Client = sign_in(person)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return act


def at(name: str, *args: Any) -> str:
    return reverse(f"funding:{name}", args=args)


def read(client: Client, name: str, *args: Any) -> str:
    answer = client.get(at(name, *args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def table(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("statement.csv", "\n".join((HEAD, *rows)).encode("utf-8-sig"), "text/csv")


def test_from_the_ticked_tranche_to_the_bank_and_back(people: Personas, enter: Any) -> None:
    first, other = (make_tranche(people, make_contract(people).award, T.APPROVED) for _ in range(2))
    line, finance = first.award.line, enter(people.finance)
    assert "2 tranches of" in read(finance, "batch-list")
    typed = {"tranches": [first.pk], "document_number": "样财〔2026〕3号", "purpose": "创新联合体资助"}

    answers = [finance.post(at("batch-prepare", line.pk), typed) for _ in range(2)]
    batch = PaymentBatch.objects.get()
    leader = enter(people.leader)
    assert people.lead_org.bank_account.reveal() not in read(leader, "batch-detail", batch.pk)
    leader.post(at("batch-release", batch.pk), {"note": ""})
    finance = enter(people.finance)
    taken = finance.post(at("bank-file", batch.pk), {"format": "xlsx", "purpose": "交银行代发"})
    finance.post(at("batch-send", batch.pk), {"note": ""})
    order = batch.orders.get()
    row = f"{order.number},{order.payee_name},{order.amount},2026-11-18,Paid,20261118000000012345,"
    finance.post(at("statement-import"), {"upload": table(row)})
    found = BankStatement.objects.get()
    assert "fits its order" in read(finance, "statement-detail", found.pk)
    assert "The payment is recorded." in read(finance, "statement-settle", found.pk)
    settled = finance.post(at("statement-settle", found.pk), follow=True)

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(taken.streaming_content))).worksheets[0]
    cells = [cell.value for cells in sheet.iter_rows() for cell in cells]
    first.refresh_from_db()
    other.refresh_from_db()
    assert [one.status_code for one in answers] == [302, 200]
    assert people.lead_org.bank_account.reveal() in cells
    assert (first.status, other.status) == (T.PAID, T.APPROVED)
    assert "1 line settled." in settled.content.decode()
    assert "20261118000000012345" in read(finance, "statement-detail", found.pk)
    batch_page = read(finance, "batch-detail", batch.pk)
    assert "20261118000000012345" in batch_page
    assert f"{reverse('reports:export-take', args=['payment-orders'])}?q={batch.number}" in batch_page
    assert ExportLog.objects.get().purpose == "交银行代发"


@pytest.mark.parametrize("who", ["lead", "district_officer", "expert", "system_admin", "audit_admin"])
def test_nobody_else_sees_batches_and_statements(people: Personas, enter: Any, who: str) -> None:
    batch = make_batch(people, status=B.SENT)
    found = make_statement(people, said(batch.orders.get()))
    client = enter(getattr(people, who))

    answers = {
        name: client.get(at(name, *args)).status_code
        for name, args in (
            ("batch-list", ()), ("statement-list", ()), ("batch-detail", [batch.pk]), ("bank-file", [batch.pk]),
            ("statement-detail", [found.pk]), ("statement-import", ()), ("batch-prepare", [batch.line_id]),
        )
    }  # fmt: skip

    assert set(answers.values()) <= {403, 404}


@pytest.mark.parametrize("who", ["officer", "leader", "head", "supervisor"])
def test_the_bureau_reads_but_only_finance_takes_the_file(people: Personas, enter: Any, who: str) -> None:
    batch = make_batch(people, status=B.SENT)
    client = enter(getattr(people, who))

    assert batch.number in read(client, "batch-list")
    assert client.get(at("bank-file", batch.pk)).status_code == 403
    assert client.post(at("statement-import"), {"upload": table("x")}).status_code == 403


def test_the_file_is_taken_for_a_reason_and_once_the_batch_is_released(people: Personas, enter: Any) -> None:
    batch = make_batch(people)
    client = enter(people.finance)
    early = client.get(at("bank-file", batch.pk)).status_code
    PaymentBatch.objects.filter(pk=batch.pk).update(
        status=B.RELEASED, released_by=people.leader, released_at=batch.prepared_at, sha256="0" * 64
    )

    answer = client.post(at("bank-file", batch.pk), {"format": "csv", "purpose": ""})

    assert (early, answer.status_code) == (404, 200)
    assert "purpose" in answer.context["form"].errors
    assert not ExportLog.objects.exists()


BAD = [
    ("X,样例公司,abc,2026-11-18,Paid,R1,", "Amount (yuan)"),
    ("X,样例公司,1.00,2031-11-18,Paid,R1,", "Day"),
    ("X,样例公司,1.00,2026-11-18,Perhaps,R1,", "What the bank did"),
    ("X,,1.00,2026-11-18,Paid,R1,", "Payee"),
    ("X,样例公司,1.00,2026-11-18,Paid,,", "Reference of the bank"),
]


@pytest.mark.parametrize(("row", "column"), BAD)
def test_a_wrong_cell_is_named_and_nothing_is_imported(people: Personas, enter: Any, row: str, column: str) -> None:
    answer = enter(people.finance).post(at("statement-import"), {"upload": table(row)})

    text = answer.content.decode()
    assert (answer.status_code, BankStatement.objects.exists()) == (200, False)
    assert f'<td class="num">2</td><td>{column}' in text


def test_other_columns_no_rows_and_other_files_are_refused(people: Personas, enter: Any) -> None:
    client = enter(people.finance)
    files = [
        SimpleUploadedFile("a.csv", b"a,b\n1,2", "text/csv"),
        SimpleUploadedFile("a.csv", HEAD.encode(), "text/csv"),
        SimpleUploadedFile("a.pdf", b"%PDF-1.4"),
    ]

    for upload in files:
        answer = client.post(at("statement-import"), {"upload": upload})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["upload"])


def test_the_template_is_what_the_import_reads(people: Personas, enter: Any) -> None:
    client = enter(people.finance)
    answer = client.get(at("statement-template"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    headings = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0][1]]

    assert [str(one).rstrip(" *") for one in headings] == next(csv.reader([HEAD]))


def test_a_line_that_does_not_fit_is_looked_into(people: Personas, enter: Any) -> None:
    order = make_batch(people, status=B.SENT).orders.get()
    strange = make_statement(
        people, said(order, order_number="X-1"), said(order, row=3, order_number="X-2", reference="R2")
    )
    one, two = strange.lines.order_by("row")
    client = enter(people.finance)
    assert "No order has this number." in read(client, "statement-line", one.pk)

    wrong = client.post(at("statement-line", one.pk), {"order_number": "BF-0", "note": "样例"})
    right = client.post(at("statement-line", one.pk), {"order_number": order.number.lower(), "note": "样例：已核实"})
    aside = client.post(at("statement-line", two.pk), {"order_number": "", "note": "样例：他处付款"})
    again = client.post(at("statement-line", two.pk), {"order_number": "", "note": "样例：他处付款"})

    assert list(wrong.context["form"].errors) == ["order_number"]
    assert [right.status_code, aside.status_code, again.status_code] == [302, 302, 404]
    assert Payment.objects.get().order == order


def test_a_failed_and_a_returned_payment_by_hand(people: Personas, enter: Any) -> None:
    order = make_batch(people, status=B.SENT).orders.get()
    paid = make_tranche(people, make_contract(people).award, T.PAID)
    client = enter(people.finance)

    bad = client.post(at("tranche-fail", order.tranche_id), {"day": "2031-01-01", "reason": "样例"})
    good = client.post(at("tranche-fail", order.tranche_id), {"day": "2026-11-18", "reason": "样例：户名不符"})
    back = client.post(at("tranche-comes-back", paid.pk), {"day": "2026-11-18", "reason": "样例：退汇"})
    second = client.post(at("tranche-comes-back", paid.pk), {"day": "2026-11-18", "reason": "样例：退汇"})

    paid.refresh_from_db()
    assert list(bad.context["form"].errors) == ["day"]
    assert [good.status_code, back.status_code, second.status_code] == [302, 302, 409]
    assert paid.status == T.RETURNED
    assert "样例：退汇" in read(client, "tranche-detail", paid.pk)


def test_statements_against_payments(people: Personas, enter: Any) -> None:
    order = make_batch(people, status=B.SENT).orders.get()
    make_statement(people, said(order, LineOutcome.PAID))
    hand = make_tranche(people, make_contract(people).award, T.PAID)

    text = read(enter(people.officer), "statement-list")

    assert hand.payment.voucher in text
    assert f"{hand.amount / Decimal(10_000):,.2f}" in text


def test_the_lists_cost_the_same_at_one_and_at_three(people: Personas, enter: Any) -> None:
    client = enter(people.finance)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            batch = make_batch(people, make_tranche(people, make_contract(people).award, T.APPROVED), status=B.SENT)
            make_statement(people, said(batch.orders.get()), content=batch.number)
            make_tranche(people, make_contract(people).award, T.APPROVED)
        counts.append([[len(queries_of(client, at(name))) for name in PAGES] for _ in range(2)][1])  # warm

    assert counts[0] == counts[1]
