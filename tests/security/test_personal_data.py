"""Sealed fields and personal data (P-07 to P-10, X-09, O-04)."""

import ast
import base64
import io
import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.core import serializers
from django.core.exceptions import FieldError, PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.template import Context, Template
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from members.enums import CorrectionField, CorrectionStatus, Role
from members.forms.personal import FeesForm, PayeeForm, PhoneForm
from members.models import CorrectionRequest, Expert, Invitation, RoleGrant, User
from members.rules.notice import LANGUAGES, current_version, text, versions
from members.rules.numbers import bank_account, identity_number, is_unusual_account, mobile
from members.rules.personal import NOT_PERSONAL
from members.services.corrections import correct_data, decline_correction, request_correction
from members.services.payees import remove_fees, update_fees, update_payee
from members.services.personal import accept_notice, copy_data, update_phone
from members.services.restrictions import lift_restriction, past_retention, restrict_person
from portal.kernel.crypto import Unreadable, open_sealed, seal
from portal.kernel.fields import sealed_fields
from portal.kernel.idempotency import FIELD, new_key
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.notifications import notify
from portal.kernel.personal import ALL, INVENTORY, disclose
from portal.kernel.workflow import TransitionRefused
from tests.architecture.source import ROOT, modules
from tests.clock import NOON
from tests.factories.funding import make_application, make_objection
from tests.factories.members import make_expert, make_organisation, make_user
from tests.personas import Personas

pytestmark = pytest.mark.django_db

PHONE, ACCOUNT, IDENTITY = "13900139017", "6222029876543210987", "11010519491231002X"
CONTACT, OBJECTOR = "yiyi@canary.example", "样例金丝雀"
CANARIES = (PHONE, ACCOUNT, IDENTITY, CONTACT, OBJECTOR)


@pytest.fixture
def expert() -> Expert:
    """An expert with everything that is sealed."""
    expert = make_expert("canary", "样例专家")
    expert.user.phone = PHONE
    expert.user.save()
    expert.identity_number, expert.bank_account, expert.bank_name = IDENTITY, ACCOUNT, "样例银行"
    expert.consent_version, expert.consented_at = 1, NOON
    expert.save()
    return Expert.objects.select_related("user").get(pk=expert.pk)


def raw(row: models.Model, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608
        return str(cursor.fetchone()[0])


def overwrite(row: models.Model, column: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])  # noqa: S608


def dump() -> str:
    """Every column of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            texts += [line for (line,) in cursor.fetchall()]
    return "\n".join(texts)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


# --- sealing -----------------------------------------------------------------------------------
@pytest.mark.parametrize("algorithm", ["aes-gcm", "sm4-gcm"])
def test_what_is_sealed_opens_at_its_place_only(settings: Any, algorithm: str) -> None:
    settings.FIELD_ALGORITHM = algorithm

    sealed = seal(PHONE, "members_user.phone:1")

    assert sealed.split(".")[:2] == [algorithm, "new"]
    assert open_sealed(sealed, "members_user.phone:1") == PHONE
    for place in ("members_user.phone:2", "members_expert.phone:1", ""):
        with pytest.raises(Unreadable):
            open_sealed(sealed, place)


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal(PHONE, "a:1") != seal(PHONE, "a:1")


def test_every_changed_sign_is_noticed() -> None:
    sealed = seal(PHONE, "a:1")

    opened = 0
    for place, sign in enumerate(sealed):
        try:
            open_sealed(sealed[:place] + ("A" if sign != "A" else "B") + sealed[place + 1 :], "a:1")
            opened += 1
        except Unreadable:
            pass

    assert opened == 0


@pytest.mark.parametrize("text", ["", "x", "a.b.c.d", "aes-gcm.new..", "rot13.new.AAAA.AAAA", "aes-gcm.gone.AAAA.AAAA"])
def test_what_is_no_sealed_text_says_so(text: str) -> None:
    with pytest.raises(Unreadable):
        open_sealed(text, "a:1")


def test_a_wrong_key_does_not_open(settings: Any) -> None:
    sealed = seal(PHONE, "a:1")
    settings.FIELD_KEYS = {"new": b"x" * 32}

    with pytest.raises(Unreadable) as refusal:
        open_sealed(sealed, "a:1")

    assert str(refusal.value) == "a sealed text does not open with the key new at a"


# --- the field ---------------------------------------------------------------------------------
def test_p08_a_dump_without_the_key_holds_no_number(expert: Expert, people: Personas) -> None:
    update_payee(
        organisation=people.lead_org, bank_name="样例银行", bank_account=ACCOUNT, actor=people.lead_admin, at=NOON
    )
    update_phone(person=people.lead, phone=PHONE, remove=False, actor=people.lead, at=NOON)
    update_fees(
        expert=expert, identity_number=IDENTITY, bank_name="样例银行", bank_account=ACCOUNT, consent=True,
        actor=expert.user, at=NOON,
    )  # fmt: skip
    disclose(subject=expert, fields=["bank_account"], permission="members.reveal_fees", actor=people.finance, at=NOON,
             note="支付评审费", own=False)  # fmt: skip
    make_objection(make_application(people), name=OBJECTOR, contact=CONTACT)
    secret = TOTP.activate(people.lead, base64.b32encode(b"canary-canary-canary").decode()).instance.data["secret"]

    dumped = dump()

    assert [canary for canary in CANARIES if canary in dumped] == []
    assert base64.b32encode(b"canary-canary-canary").decode() not in dumped
    assert secret.startswith("aes-gcm.new.")


def test_p08_the_secrets_behind_one_time_codes_are_sealed_and_work(people: Personas) -> None:
    secret = base64.b32encode(b"canary-canary-canary").decode()
    TOTP.activate(people.lead, secret)
    codes = RecoveryCodes.activate(people.lead)
    factor = Authenticator.objects.get(user=people.lead, type=Authenticator.Type.TOTP)
    stored = [row.data for row in Authenticator.objects.filter(user=people.lead)]

    assert [secret in json.dumps(data) for data in stored] == [False, False]
    assert all(value.startswith("aes-gcm.") for data in stored for value in data.values() if isinstance(value, str))
    assert TOTP(factor).validate_code(code_of(secret))
    assert codes.validate_code(codes.get_unused_codes()[0])


def test_a_factor_that_does_not_open_takes_no_code(people: Personas) -> None:
    TOTP.activate(people.lead, base64.b32encode(b"canary-canary-canary").decode())
    factor = Authenticator.objects.get(user=people.lead)
    factor.data = {"secret": "aes-gcm.gone.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAA"}

    assert TOTP(factor).validate_code(code_of(base64.b32encode(b"canary-canary-canary").decode())) is False
    assert TOTP(factor).validate_code(code_of("")) is False


def test_p09_a_sealed_value_shows_its_mask_everywhere(expert: Expert) -> None:
    secret = expert.user.phone

    assert str(secret) == "139****9017"
    assert (repr(secret), f"{secret}", "".join(["", str(secret)])) == (
        "<Secret 139****9017>",
        "139****9017",
        "139****9017",
    )
    assert json.dumps({"phone": secret}, cls=DjangoJSONEncoder) == '{"phone": "139****9017"}'
    assert (
        Template("{{ x }}|{{ x.reveal }}|{{ x|default:'—' }}").render(Context({"x": secret}))
        == "139****9017||139****9017"
    )
    assert (str(expert.bank_account), str(expert.identity_number)) == ("****0987", "110***********002X")
    assert '"phone": "139****9017"' in serializers.serialize("json", [expert.user])
    assert secret.reveal() == PHONE


@pytest.mark.parametrize("lookup", ["phone", "phone__exact", "phone__icontains", "phone__startswith", "phone__in"])
def test_a_sealed_column_cannot_be_searched(lookup: str) -> None:
    with pytest.raises(FieldError):
        User.objects.filter(**{lookup: PHONE}).exists()


def test_values_give_no_more_than_that_there_is_something(expert: Expert) -> None:
    value = User.objects.values_list("phone", flat=True).get(pk=expert.user.pk)

    assert (str(value), bool(value)) == ("****", True)
    with pytest.raises(Unreadable):
        value.reveal()


def test_a_sealed_value_is_saved_with_its_row_only(expert: Expert) -> None:
    other = make_user("other", "样例某")

    with pytest.raises(TypeError):
        User.objects.filter(pk=other.pk).update(phone=PHONE)
    other.phone = expert.user.phone
    with pytest.raises(ValueError, match="belongs to one row"):
        other.save()


def test_a_ciphertext_moved_to_another_row_shows_and_gives_nothing(expert: Expert) -> None:
    other = make_user("other", "样例某")
    overwrite(other, "phone", raw(expert.user, "phone"))

    moved = User.objects.get(pk=other.pk).phone

    assert str(moved) == "****"
    with pytest.raises(Unreadable):
        moved.reveal()


@pytest.mark.parametrize(("form", "name", "typed", "kept"), [
    (PhoneForm, "phone", "138-0013-8000", "13800138000"),
    (PhoneForm, "phone", "+86 138 0013 8000", "13800138000"),
    (PayeeForm, "bank_account", "6222 0200 0000 0001", "6222020000000001"),
    (FeesForm, "identity_number", "11010519491231002x", IDENTITY),
])  # fmt: skip
def test_forms_bring_numbers_into_one_form(form: Any, name: str, typed: str, kept: str) -> None:
    data = {"bank_name": "样例银行", "bank_account": "6222020000000001", "consent": "on", name: typed}
    bound = form(data, instance=form._meta.model())

    assert (bound.errors, bound.cleaned_data[name]) == ({}, kept)


@pytest.mark.parametrize(("rule", "wrong"), [
    (mobile, "12345678901"), (mobile, "1380013800"), (mobile, "１３８００１３８０００"), (mobile, "0512-65000000"),
    (identity_number, "110105194912310021"), (identity_number, "1101051949123100"), (identity_number, "'; DROP"),
    (bank_account, "1234567"), (bank_account, "6" * 31), (bank_account, "6222abc0200"),
])  # fmt: skip
def test_numbers_that_cannot_be_are_refused(rule: Any, wrong: str) -> None:
    with pytest.raises(ValidationError):
        rule(wrong)


def test_an_account_without_the_check_digit_of_cards_is_only_remarked_on() -> None:
    assert bank_account("6222020000000001") == "6222020000000001"
    assert (is_unusual_account("6222020000000001"), is_unusual_account("4111111111111111")) == (True, False)


def test_a_bound_form_never_shows_what_is_stored_and_an_empty_field_keeps_it(expert: Expert) -> None:
    page = PhoneForm(instance=expert.user).as_p() + PhoneForm({"phone": ""}, instance=expert.user).as_p()

    update_phone(person=expert.user, phone="", remove=False, actor=expert.user, at=NOON)

    assert (PHONE in page, page.count("139****9017")) == (False, 2)
    assert User.objects.get(pk=expert.user.pk).phone.reveal() == PHONE


def test_a_number_is_deleted_on_demand(expert: Expert) -> None:
    update_phone(person=expert.user, phone="", remove=True, actor=expert.user, at=NOON)

    assert raw(expert.user, "phone") == ""


# --- who reveals -------------------------------------------------------------------------------
REVEALERS = {
    "portal/kernel/fields.py", "portal/kernel/personal.py", "members/services/personal.py",
    "funding/exporters.py",  # writes the file for the bank
    "funding/models/payment.py",  # compares accounts, shows the end of one
    "funding/services/payments.py",  # copies the account of the payee into the order
    "funding/services/notices.py",  # compares whether the same objection is sent again
    "members/services/restrictions.py",
    "portal/kernel/outbox.py",  # hands the mail to the server
    "funding/services/draws.py",  # publishes the secret of a draw when it is drawn
    "funding/services/replies.py",  # answers the objector where it asked to be answered
    "reports/services/appeals.py",  # compares whether the same objection is sent again
    "reports/tasks.py",  # writes the letter to the objector
}  # fmt: skip


def test_only_named_services_reveal() -> None:
    callers = {
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "reveal"
    }
    openers = {
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "open_sealed"
    }
    pages = (ROOT / "templates").rglob("*.html")
    templates = [str(path) for path in pages if re.search(r"\.reveal\b", path.read_text())]

    assert callers == REVEALERS
    assert openers == {
        "portal/kernel/fields.py", "portal/kernel/fields_rotation.py", "members/services/factors.py",
        "members/services/registration.py", "members/services/resets.py",  # seals in mails; no stored field
    }  # fmt: skip
    assert templates == []


@pytest.mark.parametrize(("who", "allowed"), [
    ("finance", True), ("lead_admin", True), ("lead", False), ("officer", False), ("leader", False),
    ("district_officer", False), ("rival", False), ("system_admin", False), ("audit_admin", False),
])  # fmt: skip
def test_p09_the_account_of_an_organisation_is_revealed_to_few(people: Personas, who: str, allowed: bool) -> None:
    actor = getattr(people, who)
    facts = {"fields": ["bank_account"], "permission": "members.reveal_payee", "at": NOON, "note": "付款", "own": False}

    if allowed:
        assert disclose(subject=people.lead_org, actor=actor, **facts) == {"bank_account": "6222020000000001"}
    else:
        with pytest.raises(PermissionDenied):
            disclose(subject=people.lead_org, actor=actor, **facts)


def test_p09_revealing_asks_for_a_reason_shows_once_and_is_on_record(client: Client, people: Personas) -> None:
    url = reverse("members:payee-reveal", args=[people.lead_org.pk])
    client.force_login(people.finance)

    masked = client.get(url)
    without = client.post(url)
    shown = client.post(url, {"note": "核对收款账户"})
    entry = AuditEntry.objects.get(action="reveal")

    assert (masked.status_code, "****0001" in masked.text, "6222020000000001" in masked.text) == (200, True, False)
    assert (without.status_code, "6222020000000001" in without.text) == (200, False)
    assert (shown.status_code, "6222020000000001" in shown.text) == (200, True)
    assert "no-store" in shown.headers["Cache-Control"]
    assert (entry.actor, entry.note, entry.facts) == (
        people.finance, "核对收款账户", {"fields": ["bank_account"], "own": False},
    )  # fmt: skip
    assert "6222020000000001" not in client.get(url).text


def test_p09_a_reload_of_what_was_shown_asks_again(client: Client, people: Personas) -> None:
    url = reverse("members:payee-reveal", args=[people.lead_org.pk])
    client.force_login(people.finance)
    form = {FIELD: new_key(), "note": "核对收款账户"}

    shown, reloaded = client.post(url, form), client.post(url, form)
    anew = client.post(url, {**form, FIELD: new_key()})

    assert ["6222020000000001" in answer.text for answer in (shown, reloaded, anew)] == [True, False, True]
    assert (reloaded.status_code, reloaded.headers["Location"]) == (302, url)
    assert AuditEntry.objects.filter(action="reveal").count() == 2


def test_p09_ones_own_number_needs_no_reason_and_is_on_record_too(client: Client, expert: Expert) -> None:
    client.force_login(expert.user)

    shown = client.post(reverse("members:phone-reveal", args=[expert.user.pk]))

    assert (shown.status_code, PHONE in shown.text) == (200, True)
    assert AuditEntry.objects.get(action="reveal").facts == {"fields": ["phone"], "own": True}


def test_p09_a_value_that_does_not_open_is_a_sentence_and_no_record(client: Client, people: Personas) -> None:
    url = reverse("members:payee-reveal", args=[people.lead_org.pk])
    overwrite(people.lead_org, "bank_account", "aes-gcm.gone.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA")
    client.force_login(people.finance)

    answer = client.post(url, {"note": "核对收款账户"})
    pages = [client.get(url).status_code, client.get(people.lead_org.get_absolute_url()).status_code]

    assert (answer.status_code, pages) == (409, [200, 200])
    assert AuditEntry.objects.filter(action="reveal").count() == 0


def test_p09_who_objects_is_revealed_to_supervision_alone(client: Client, people: Personas) -> None:
    objection = make_objection(make_application(people), name=OBJECTOR, contact=CONTACT)
    url = reverse("funding:objector-reveal", args=[objection.pk])
    answers = {}
    for who in ("supervisor", "officer", "lead"):
        client.force_login(getattr(people, who))
        answers[who] = client.post(url, {"note": "核实异议"})
    client.force_login(people.supervisor)
    page = client.get(objection.get_absolute_url()).text

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "supervisor": 200,
        "officer": 403,
        "lead": 404,
    }
    assert (OBJECTOR in answers["supervisor"].text, CONTACT in answers["supervisor"].text) == (True, True)
    assert (OBJECTOR in page, CONTACT in page, "y****@canary.example" in page) == (False, False, True)


# --- keys --------------------------------------------------------------------------------------
def test_o04_field_keys_are_rotated_without_loss_and_can_be_broken_off(
    expert: Expert, people: Personas, settings: Any
) -> None:
    secret = base64.b32encode(b"canary-canary-canary").decode()
    TOTP.activate(people.lead, secret)
    keys = settings.FIELD_KEYS
    settings.FIELD_KEYS = {"newest": b"z" * 32, **keys}

    half = io.StringIO()
    call_command("rotate_field_keys", batch=1, stdout=half)
    again = io.StringIO()
    call_command("rotate_field_keys", stdout=again)
    settings.FIELD_KEYS = {"newest": b"z" * 32}
    after = Expert.objects.select_related("user").get(pk=expert.pk)
    factor = Authenticator.objects.get(user=people.lead)

    assert "members_expert.bank_account: 1 sealed anew" in half.getvalue()
    assert set(re.findall(r": (\d+) sealed", again.getvalue())) == {"0"}
    assert (after.user.phone.reveal(), after.bank_account.reveal(), after.identity_number.reveal()) == (
        PHONE, ACCOUNT, IDENTITY,
    )  # fmt: skip
    assert TOTP(factor).validate_code(code_of(secret))


def test_o04_a_rotation_names_what_does_not_open_and_does_the_rest(expert: Expert, settings: Any) -> None:
    overwrite(expert, "bank_account", raw(expert.user, "phone"))
    settings.FIELD_KEYS = {"newest": b"z" * 32, **settings.FIELD_KEYS}

    with pytest.raises(CommandError) as refusal:
        call_command("rotate_field_keys", stdout=io.StringIO())

    assert str(refusal.value) == f"1 values do not open with any key: members_expert.bank_account:{expert.pk}"
    assert raw(expert, "identity_number").startswith("aes-gcm.newest.")


def test_o04_another_algorithm_is_a_rotation_too(expert: Expert, settings: Any) -> None:
    settings.FIELD_ALGORITHM = "sm4-gcm"

    call_command("rotate_field_keys", stdout=io.StringIO())

    assert raw(expert, "identity_number").startswith("sm4-gcm.new.")
    assert Expert.objects.get(pk=expert.pk).identity_number.reveal() == IDENTITY


# --- accounts ----------------------------------------------------------------------------------
def test_a_changed_account_is_told_to_everybody_who_acts_for_the_organisation(people: Personas) -> None:
    update_payee(
        organisation=people.lead_org, bank_name="样例银行", bank_account=ACCOUNT, actor=people.lead_admin, at=NOON
    )

    told = Notification.objects.filter(kind="members.payee_updated")

    assert [notice.params["account"] for notice in told] == ["****0987"]
    assert AuditEntry.objects.get(action="update_payee").facts == {"bank_name": "样例银行", "bank_account": "****0987"}


def test_nobody_else_changes_the_account(people: Personas) -> None:
    for actor in (people.lead, people.rival, people.finance, people.system_admin):
        with pytest.raises(PermissionDenied):
            update_payee(organisation=people.lead_org, bank_name="样", bank_account=ACCOUNT, actor=actor, at=NOON)


def test_sensitive_data_need_a_consent_that_can_be_taken_back(expert: Expert) -> None:
    facts = {
        "identity_number": IDENTITY,
        "bank_name": "样例银行",
        "bank_account": ACCOUNT,
        "actor": expert.user,
        "at": NOON,
    }

    with pytest.raises(ValidationError):
        update_fees(expert=expert, consent=False, **facts)
    update_fees(expert=expert, consent=True, **facts)
    given = Expert.objects.get(pk=expert.pk)
    remove_fees(expert=expert, actor=expert.user, at=NOON)
    taken = Expert.objects.get(pk=expert.pk)

    assert (given.consent_version, given.consented_at) == (current_version(), NOON)
    assert (raw(expert, "identity_number"), raw(expert, "bank_account"), taken.consented_at) == ("", "", None)


# --- the inventory -----------------------------------------------------------------------------
PERSONAL = re.compile(
    r"name|e?mail|phone|mobile|tel|contact|address|representative|scientist|identity|account|person|birth|gender|sex|"
    r"wechat|title|passport|number_of_card|agent|^ip"
)
WHOLE = ("members.User", "members.Expert", "members.Invitation", "members.SignInGuard", "members.EmailChange")
TEXTS = (models.CharField, models.TextField, models.EmailField, models.GenericIPAddressField)


def declared(model: type[models.Model]) -> set[str]:
    label = model._meta.label
    held = {field.name for entry in INVENTORY if entry.model == label for field in entry.columns()}
    return held | NOT_PERSONAL.get(label, set())


def test_every_field_that_looks_personal_is_in_the_inventory() -> None:
    foreign = {"auth", "contenttypes"}
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label not in foreign
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS) and not field.choices and PERSONAL.search(field.name)
        if field.name not in declared(model)
    ]

    assert missing == []


def test_every_field_about_people_and_their_sign_ins_is_in_the_inventory() -> None:
    missing = [
        f"{label}.{field.name}"
        for label in WHOLE
        for field in apps.get_model(label)._meta.concrete_fields
        if field.name not in declared(apps.get_model(label)) | {"id", "created_at"}
    ]

    assert missing == []


def test_every_sealed_field_is_in_the_inventory() -> None:
    sealed = {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in sealed_fields(model)}
    known = {f"{entry.model}.{field.name}" for entry in INVENTORY for field in entry.columns()}

    assert sealed - known == {  # an organisation's, not a person's
        "members.Organisation.bank_account", "funding.PaymentOrder.bank_account",
    }  # fmt: skip


def test_the_inventory_names_what_exists() -> None:
    wrong = [
        f"{entry.model}.{name}"
        for entry in INVENTORY
        for name in entry.fields
        if name != ALL and name not in {field.name for field in entry.get_model()._meta.concrete_fields}
    ]

    assert wrong == []


def test_the_inventory_is_published_as_it_is() -> None:
    out = io.StringIO()
    call_command("personal_data", stdout=out)

    assert (ROOT / "docs" / "personal-data.md").read_text() == out.getvalue()


# --- the notice --------------------------------------------------------------------------------
def test_each_version_of_the_notice_speaks_both_languages_at_equal_length() -> None:
    shapes = {version: [[block.kind for block in text(version, one)] for one in LANGUAGES] for version in versions()}

    assert versions() == tuple(range(1, len(versions()) + 1))
    assert [shape[0] for shape in shapes.values()] == [shape[1] for shape in shapes.values()]


def test_whoever_has_not_accepted_the_notice_is_led_to_it_once(client: Client) -> None:
    user = make_user("fresh", "样例新人", notice_version=0)
    client.force_login(user)

    led = client.get(reverse("members:data-own"))
    api = client.get("/api/v1/consortia/")
    unticked = client.post(reverse("members:privacy-accept"), {"version": current_version()})
    done = client.post(reverse("members:privacy-accept"), {"version": current_version(), "accepted": "on"})
    user.refresh_from_db()

    assert (led.status_code, led.headers["Location"]) == (
        302,
        "/members/privacy/accept/?next=%2Fmembers%2Fdata%2Fown%2F",
    )
    assert (api.status_code, unticked.status_code, done.status_code) == (403, 200, 302)
    assert user.notice_version == current_version()
    assert client.get(reverse("members:data-own")).status_code == 200
    assert AuditEntry.objects.get(action="accept_notice").facts == {"version": current_version()}


def test_an_old_notice_is_not_accepted(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        accept_notice(person=people.lead, version=current_version() - 1, at=NOON)


def test_the_notice_is_there_for_everybody(client: Client) -> None:
    assert client.get(reverse("members:privacy-notice")).status_code == 200


# --- copy and correction -----------------------------------------------------------------------
def test_p07_the_copy_is_complete_and_machine_readable(expert: Expert) -> None:
    notify(recipients=[expert.user], kind="members.correction_answered", params={}, url="", at=NOON)

    with copy_data(person=expert.user, actor=expert.user, at=NOON) as file:
        copy = json.load(file)
    held = {(section["what"], *sorted(row)): row for section in copy["held"] for row in section["rows"]}
    rows: dict[str, Any] = {}
    for (what, *_names), row in held.items():
        rows[what] = {**rows.get(what, {}), **row}

    assert rows["members.User"]["phone"] == PHONE
    assert (rows["members.Expert"]["bank_account"], rows["members.Expert"]["identity_number"]) == (ACCOUNT, IDENTITY)
    assert rows["members.RoleGrant"]["role"] == "EXPERT"
    assert rows["kernel.Notification"]["kind"] == "members.correction_answered"
    assert copy["acts"]["members.Expert.user"] == [str(expert.pk)]
    assert {section["what"] for section in copy["held"]} == {entry.model for entry in INVENTORY if entry.path}
    assert "secret" not in json.dumps(copy)


def test_p07_one_click_downloads_ones_own_copy_and_nobody_elses(
    client: Client, expert: Expert, people: Personas
) -> None:
    client.force_login(expert.user)

    answer = client.post(reverse("members:data-copy"))
    body = b"".join(answer.streaming_content)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert json.loads(body)["person"] == str(expert.user.pk)
    assert AuditEntry.objects.filter(action="copy_data", actor=expert.user).count() == 1
    with pytest.raises(PermissionDenied):
        copy_data(person=expert.user, actor=people.system_admin, at=NOON)


def ask(people: Personas, person: User) -> CorrectionRequest:
    return request_correction(
        person=person, field=CorrectionField.NAME, wanted="样例更正", explanation="", actor=person, at=NOON
    )


@pytest.mark.parametrize(
    ("asker", "told"), [("lead", "lead_admin"), ("lead_admin", "system_admin"), ("officer", "system_admin")]
)
def test_p07_a_request_goes_to_who_keeps_the_data(people: Personas, asker: str, told: str) -> None:
    recipient = getattr(people, told)

    request = ask(people, getattr(people, asker))

    assert [notice.recipient for notice in Notification.objects.filter(kind="members.correction_requested")] == [
        recipient
    ]
    assert (request.due_on - timezone.localdate(NOON)).days in range(15, 40)
    assert CorrectionRequest.objects.visible_to(recipient).get() == request
    assert not CorrectionRequest.objects.visible_to(people.rival).exists()


def test_p07_an_answer_puts_the_data_right_once(people: Personas) -> None:
    request = ask(people, people.lead)

    correct_data(request=request, answer="已更正。", actor=people.lead_admin, at=NOON)
    with pytest.raises(TransitionRefused):
        decline_correction(request=request, answer="不予更正。", actor=people.lead_admin, at=NOON)

    assert User.objects.get(pk=people.lead.pk).name == "样例更正"
    assert (request.status, request.answered_by) == (CorrectionStatus.CORRECTED, people.lead_admin)


def test_p07_nobody_answers_oneself_nor_strangers(people: Personas) -> None:
    request = ask(people, people.lead_admin)

    for actor in (people.lead_admin, people.rival, people.security_admin):
        with pytest.raises(PermissionDenied):
            correct_data(request=request, answer="已更正。", actor=actor, at=NOON)


def test_p07_the_same_request_is_made_once(people: Personas) -> None:
    ask(people, people.lead)

    with pytest.raises(TransitionRefused):
        ask(people, people.lead)


def test_p07_the_pages_of_a_request_lead_from_asking_to_the_answer(client: Client, people: Personas) -> None:
    client.force_login(people.lead)
    wrong = client.post(reverse("members:correction-request"), {"field": "other"})
    sent = client.post(reverse("members:correction-request"), {"field": "title", "wanted": "部长"})
    request = CorrectionRequest.objects.get()
    client.force_login(people.lead_admin)
    seen = [client.get(url).status_code for url in (reverse("members:correction-list"), request.get_absolute_url())]
    answered = client.post(
        reverse("members:correction-answer", args=[request.pk]), {"granted": "1", "answer": "已更正。"}
    )

    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["explanation"])
    assert (sent.status_code, seen, answered.status_code) == (302, [200, 200], 302)
    assert User.objects.get(pk=people.lead.pk).title == "部长"


# --- restriction -------------------------------------------------------------------------------
def gone(handle: str = "gone") -> User:
    user = make_user(handle, "样例离职", (Role.APPLICANT, make_organisation()), is_active=False, date_joined=NOON)
    user.phone = PHONE
    user.save()
    return user


def test_p10_a_restricted_person_is_stored_and_nothing_else(client: Client, people: Personas) -> None:
    user = gone()
    Invitation.objects.create(
        organisation=people.lead_org, email=user.email, name=user.name, roles=["APPLICANT"], token_hash="x",
        invited_by=people.lead_admin, expires_at=NOON,
    )  # fmt: skip

    restricted = restrict_person(person=user, ground="《个人信息保护法》第四十七条", actor=None, at=NOON)
    client.force_login(people.system_admin)
    told = notify(recipients=[restricted], kind="members.correction_answered", params={}, url="", at=NOON)

    assert (str(restricted), restricted.email) == ("样**", f"{user.pk}@restricted.invalid")
    assert (restricted.is_active, restricted.has_usable_password(), told) == (False, False, [])
    assert not RoleGrant.objects.in_force().filter(user=user).exists()
    assert client.get(user.get_absolute_url()).status_code == 404
    assert "样例离职" not in client.get(reverse("members:user-list")).text
    assert not Invitation.objects.filter(email=user.email).exists()
    assert AuditEntry.objects.get(action="restrict_person").note == "《个人信息保护法》第四十七条"
    assert [word for word in ("gone@sample.test", PHONE) if word in dump()] == []


def test_p10_a_restriction_can_be_lifted(people: Personas) -> None:
    user = restrict_person(person=gone(), ground="期满", actor=None, at=NOON)

    lifted = lift_restriction(person=user, ground="复核", actor=people.system_admin, at=NOON)

    assert (lifted.name, lifted.email, lifted.phone.reveal(), lifted.is_active) == (
        "样例离职", "gone@sample.test", PHONE, False,
    )  # fmt: skip


def test_p10_who_is_active_or_without_ground_is_not_restricted(people: Personas) -> None:
    for person, ground in ((people.lead, "期满"), (gone(), " ")):
        with pytest.raises(TransitionRefused):
            restrict_person(person=person, ground=ground, actor=people.system_admin, at=NOON)
    with pytest.raises(PermissionDenied):
        restrict_person(person=gone("gone2"), ground="期满", actor=people.security_admin, at=NOON)


@pytest.mark.parametrize(("days", "found"), [(-1, 0), (1, 1)])
def test_p10_retention_is_counted_from_the_last_day(days: int, found: int) -> None:
    gone()

    assert past_retention(before=NOON + timedelta(days=days)).count() == found


def test_p10_the_command_restricts_who_is_past_retention_and_names_nobody(settings: Any) -> None:
    user = gone()
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=1100))
    settings.PERSONAL_RETENTION_DAYS = 1095
    dry, real = io.StringIO(), io.StringIO()

    call_command("restrict_persons", dry_run=True, stdout=dry)
    before = User.objects.get(pk=user.pk).restricted_at
    call_command("restrict_persons", stdout=real)

    assert (before, dry.getvalue(), real.getvalue()) == (None, f"{user.pk}\n", f"{user.pk}\n")
    assert User.objects.get(pk=user.pk).restricted_at is not None


# --- logs and addresses ------------------------------------------------------------------------
@override_settings(DEBUG=False)
def test_x09_nothing_personal_in_logs_and_addresses(
    client: Client, expert: Expert, people: Personas, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visited = []

    def go(url: str, data: dict[str, str] | None = None) -> None:
        answer = client.get(url) if data is None else client.post(url, data)
        visited.extend([url, answer.headers.get("Location", "")])
        b"".join(answer)

    client.force_login(expert.user)
    go(reverse("members:phone-update"), {"phone": PHONE})
    go(reverse("members:phone-update"), {"phone": f"{PHONE}9"})
    go(
        reverse("members:fees-update"),
        {"identity_number": IDENTITY, "bank_name": "样", "bank_account": ACCOUNT, "consent": "on"},
    )
    go(reverse("members:fees-update"), {"identity_number": f"{IDENTITY}1", "bank_account": f"{ACCOUNT}x"})
    go(reverse("members:phone-reveal", args=[expert.user.pk]), {})
    go(reverse("members:data-own"))
    go(reverse("members:data-copy"), {})
    client.force_login(people.finance)
    go(reverse("members:fees-reveal", args=[expert.pk]), {"note": "支付评审费"})
    overwrite(expert, "bank_account", raw(expert, "identity_number"))
    go(reverse("members:fees-reveal", args=[expert.pk]), {"note": "支付评审费"})

    told = "\n".join([*visited, *(record.getMessage() for record in caplog.records), caplog.text])

    assert [canary for canary in CANARIES if canary in told] == []
    assert expert.user.email not in told
