"""The cast of every test: one name, one place."""

from functools import cached_property

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from members.enums import ExpertKind, OrganisationType, Role
from members.models import Expert, Organisation, User
from tests.factories.members import make_district, make_expert, make_organisation, make_user

PASSWORD = "Sample-pass-2026"


class Personas:
    """People by what they are; each is made when first asked for.

    lead (writes), signatory and administrator of the lead; confirmers of university, fund and supplier;
    a rival enterprise; officers of the lead's and of another district; the bureau; experts clear and
    conflicted; the three administrators.
    """

    # --- organisations -------------------------------------------------------------------------
    @cached_property
    def lead_org(self) -> Organisation:
        return make_organisation("样例领航科技有限公司", district=make_district("320583"))

    @cached_property
    def university(self) -> Organisation:
        return make_organisation("样例理工大学", type=OrganisationType.UNIVERSITY)

    @cached_property
    def fund(self) -> Organisation:
        return make_organisation("样例产业创新基金", type=OrganisationType.FUND)

    @cached_property
    def supplier(self) -> Organisation:
        return make_organisation("样例上游材料有限公司")

    @cached_property
    def other_supplier(self) -> Organisation:
        return make_organisation("样例下游装备有限公司")

    @cached_property
    def rival_org(self) -> Organisation:
        return make_organisation("样例竞先科技有限公司", district=make_district("320583"))

    # --- enterprises ---------------------------------------------------------------------------
    @cached_property
    def lead(self) -> User:
        return make_user("lead", "样例申报甲", (Role.APPLICANT, self.lead_org))

    @cached_property
    def signatory(self) -> User:
        return make_user("signatory", "样例签署甲", (Role.SIGNATORY, self.lead_org))

    @cached_property
    def lead_admin(self) -> User:
        return make_user("lead-admin", "样例管理甲", (Role.ORG_ADMIN, self.lead_org))

    @cached_property
    def lead_confirmer(self) -> User:
        return make_user("lead-confirmer", "样例确认甲", (Role.CONFIRMER, self.lead_org))

    @cached_property
    def university_confirmer(self) -> User:
        return make_user("university", "样例确认乙", (Role.CONFIRMER, self.university))

    @cached_property
    def fund_confirmer(self) -> User:
        return make_user("fund", "样例确认丙", (Role.CONFIRMER, self.fund))

    @cached_property
    def supplier_confirmer(self) -> User:
        return make_user("supplier", "样例确认丁", (Role.CONFIRMER, self.supplier))

    @cached_property
    def rival(self) -> User:
        return make_user(
            "rival",
            "样例对手甲",
            *((role, self.rival_org) for role in (Role.ORG_ADMIN, Role.APPLICANT, Role.SIGNATORY, Role.CONFIRMER)),
        )

    # --- officials -----------------------------------------------------------------------------
    @cached_property
    def district_officer(self) -> User:
        return make_user("district", "样例区员甲", (Role.DISTRICT_OFFICER, make_district("320583")))

    @cached_property
    def other_district_officer(self) -> User:
        return make_user("other-district", "样例区员乙", (Role.DISTRICT_OFFICER, make_district("320581")))

    @cached_property
    def acceptance(self) -> User:
        return make_user("acceptance", "样例受理甲", Role.ACCEPTANCE)

    @cached_property
    def officer(self) -> User:
        return make_user("officer", "样例科员甲", Role.OFFICER)

    @cached_property
    def second_officer(self) -> User:
        return make_user("officer2", "样例科员乙", Role.OFFICER)

    @cached_property
    def head(self) -> User:
        return make_user("head", "样例处长甲", Role.HEAD)

    @cached_property
    def leader(self) -> User:
        return make_user("leader", "样例局长甲", Role.LEADER)

    @cached_property
    def second_leader(self) -> User:
        return make_user("leader2", "样例局长乙", Role.LEADER)

    @cached_property
    def secretary(self) -> User:
        return make_user("secretary", "样例秘书甲", Role.SECRETARY)

    @cached_property
    def finance(self) -> User:
        return make_user("finance", "样例财务甲", Role.FINANCE)

    @cached_property
    def second_finance(self) -> User:
        return make_user("finance2", "样例财务乙", Role.FINANCE)

    @cached_property
    def supervisor(self) -> User:
        return make_user("supervisor", "样例监督甲", Role.SUPERVISOR)

    @cached_property
    def system_admin(self) -> User:
        return make_user("system", "样例系统甲", Role.SYSTEM_ADMIN)

    @cached_property
    def security_admin(self) -> User:
        return make_user("security", "样例安全甲", Role.SECURITY_ADMIN)

    @cached_property
    def audit_admin(self) -> User:
        return make_user("audit", "样例审计甲", Role.AUDIT_ADMIN)

    # --- experts -------------------------------------------------------------------------------
    @cached_property
    def experts(self) -> list[Expert]:
        """Three without a conflict: technology, finance, investment."""
        kinds = [ExpertKind.TECHNOLOGY, ExpertKind.FINANCE, ExpertKind.INVESTMENT]
        return [make_expert(f"expert{n}", f"专家甲{n:02d}", kind=kind) for n, kind in enumerate(kinds, 1)]

    @cached_property
    def expert(self) -> User:
        return self.experts[0].user

    @cached_property
    def conflicted_expert(self) -> Expert:
        """Employed by a member of the consortium."""
        return make_expert("conflicted", "专家乙01", employer=self.university)


ROLE_NAMES = (
    "lead",
    "signatory",
    "lead_admin",
    "lead_confirmer",
    "university_confirmer",
    "rival",
    "district_officer",
    "other_district_officer",
    "acceptance",
    "officer",
    "head",
    "leader",
    "finance",
    "supervisor",
    "expert",
    "system_admin",
    "security_admin",
    "audit_admin",
)


def enrol_totp(user: User) -> str:
    """Give the user a TOTP authenticator; the secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def has_second_factor(user: User) -> bool:
    """Whether any authenticator is set up."""
    return Authenticator.objects.filter(user=user).exists()
