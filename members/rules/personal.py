"""The inventory of personal data: every field of the portal that tells something about a person.

docs/personal-data.md is this list; a test finds fields that look personal and stand neither here nor in NOT_PERSONAL.
"""

from django.utils.translation import gettext_lazy as _

from portal.kernel.personal import ALL, Basis, Kept, hold

SIGN_IN = _("Sign in, and prove who somebody is")
REACH = _("Reach the person about its account and the matters it acts in")
ACT = _("Show and record in whose name and by whom something was done")
JUDGE = _("Find experts for a subject, exclude conflicts of interest")
FEES = _("Pay fees to experts and report them to the tax office")
ASK = _("Answer questions about a call")
HANDLE = _("Examine objections that must carry a real name")
SECURE = _("Notice and stop misuse of accounts")
TELL = _("Tell people what waits for them")
JOINT = _("Show who works at another member of a consortium, and under which programme")
RIGHTS = _("Fulfil the rights of people to their data")

hold(
    "members.User", "email", "name", "title", "language", "shortcuts", "is_active", "is_demo", "date_joined",
    "last_login", "reactivated_at", "stale_warned_at",
    purpose=ACT, basis=Basis.CONTRACT, kept=Kept.ACCOUNT, path="pk",
)  # fmt: skip
hold("members.User", "password", purpose=SIGN_IN, basis=Basis.SECURITY, kept=Kept.ACCOUNT, withheld=["password"])
hold("members.User", "phone", purpose=REACH, basis=Basis.CONSENT, kept=Kept.TASK, path="pk")
hold(
    "members.User", "notice_version", "notice_at", "restricted_at", "restriction_ground", "sealed_identity",
    purpose=RIGHTS, basis=Basis.DUTY, kept=Kept.ACCOUNT, path="pk", withheld=["sealed_identity"],
)  # fmt: skip
hold("members.CorrectionRequest", ALL, purpose=RIGHTS, basis=Basis.DUTY, kept=Kept.ACCOUNT, path="person")
hold("members.RoleGrant", ALL, purpose=ACT, basis=Basis.DUTY, kept=Kept.ACCOUNT, path="user")
hold("members.RoleProposal", ALL, purpose=ACT, basis=Basis.DUTY, kept=Kept.ACCOUNT, path="user")
hold(
    "members.Invitation", "email", "name", "roles", "token_hash", "organisation", "expires_at", "accepted_at",
    "withdrawn_at", "invited_by", purpose=REACH, basis=Basis.CONTRACT, kept=Kept.ACCOUNT,
    path="email", by="email", withheld=["token_hash"],
)  # fmt: skip
hold(
    "members.Expert", "user", "status", "kind", "fields", "hnte_fields", "title_level", "born", "region", "employer",
    "yearly_limit", "refreshed_at", "reminded_at", "nominated_by", "unit_confirmed_by", "unit_source", "checked_by",
    "checked_at", "admitted_at", "ground", "suspended_until",
    purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="user",
)  # fmt: skip
hold("members.Employment", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="expert__user")
hold("members.Relation", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="expert__user")
hold("members.Handover", ALL, purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE, path="leaver")
hold(
    "members.Expert", "identity_number", "bank_name", "bank_account", "consent_version", "consented_at",
    purpose=FEES, basis=Basis.SEPARATE_CONSENT, kept=Kept.TASK, path="user",
)  # fmt: skip
hold("members.Organisation", "legal_representative", purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE)
hold("members.ImportBatch", "uploaded_by", "uploaded_at", "applied_by", "applied_at", purpose=ACT, basis=Basis.DUTY,
     kept=Kept.FILE, path="uploaded_by")  # fmt: skip
hold("members.ImportRow", "values", "changes", purpose=ACT, basis=Basis.DUTY, kept=Kept.TASK)
hold("members.EmailChange", ALL, purpose=SIGN_IN, basis=Basis.SECURITY, kept=Kept.SHORT, path="user",
     withheld=["token_hash"])  # fmt: skip
hold("members.SignInGuard", ALL, purpose=SECURE, basis=Basis.SECURITY, kept=Kept.SHORT, path="user",
     withheld=["key"])  # fmt: skip
hold("members.PastPassword", ALL, purpose=SECURE, basis=Basis.SECURITY, kept=Kept.ACCOUNT, path="user",
     withheld=["hash"])  # fmt: skip
hold("members.UsedCode", ALL, purpose=SECURE, basis=Basis.SECURITY, kept=Kept.SHORT, path="user",
     withheld=["key"])  # fmt: skip
hold("mfa.Authenticator", ALL, purpose=SIGN_IN, basis=Basis.SECURITY, kept=Kept.ACCOUNT, path="user",
     withheld=["data"])  # fmt: skip
hold("account.EmailAddress", ALL, purpose=SIGN_IN, basis=Basis.SECURITY, kept=Kept.ACCOUNT, path="user")
hold("usersessions.UserSession", ALL, purpose=SECURE, basis=Basis.SECURITY, kept=Kept.SHORT, path="user",
     withheld=["session_key", "data"])  # fmt: skip
hold("sessions.Session", "session_data", purpose=SIGN_IN, basis=Basis.SECURITY, kept=Kept.SHORT)

hold("consortia.Consortium", "chief_scientist", purpose=ACT, basis=Basis.CONTRACT, kept=Kept.FILE)
hold("consortia.AgreementSignature", "signatory", purpose=ACT, basis=Basis.CONTRACT, kept=Kept.FILE)
hold("consortia.Talent", "name", purpose=JOINT, basis=Basis.CONSENT, kept=Kept.FILE)
hold("consortia.LiaisonVisit", "participants", purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE)
hold("funding.CallQuestion", "text", "asked_by", purpose=ASK, basis=Basis.CONTRACT, kept=Kept.FILE, path="asked_by")
hold("funding.Expenditure", "seller_name", purpose=ACT, basis=Basis.CONTRACT, kept=Kept.FILE)
hold("funding.Objection", "name", "contact", "kind", "grounds", purpose=HANDLE, basis=Basis.DUTY, kept=Kept.FILE)
hold("funding.ObjectionFile", ALL, purpose=HANDLE, basis=Basis.DUTY, kept=Kept.FILE)
hold("funding.Avoidance", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE)
hold("funding.Recusal", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="person")
hold("funding.LiftedRecusal", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="person")
hold("funding.SessionSeat", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="person")
hold("funding.SessionAbsence", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="person")
hold("funding.DecisionMeeting", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE)
hold("funding.MeetingSeat", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="person")
hold("funding.MeetingVote", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="person")
hold("funding.SlotPresence", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="person")
hold(
    "funding.Draw", "requested_by", "prepared_by", "witnessed_by", "drawn_by", "cancelled_by", "secret", "salt",
    purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE, path="prepared_by", withheld=["secret", "salt"],
)  # fmt: skip
hold("funding.DrawEntry", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="expert__user",
     withheld=["key"])  # fmt: skip
hold("funding.Naming", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="proposed_by")
hold(
    "funding.Assignment", "prepared_by", "decided_by", "frozen", purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE,
    path="prepared_by", withheld=["frozen"],
)  # fmt: skip
hold("funding.AssignmentPair", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="expert__user")
hold("funding.AssignmentChange", ALL, purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="changed_by")
hold(
    "funding.Review",
    "conflict",
    "left_for",
    "left_note",
    "opinion",
    "remark",
    purpose=JUDGE,
    basis=Basis.DUTY,
    kept=Kept.FILE,
    path="expert__user",
)
hold("funding.ReviewReminder", ALL, purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE, path="review__expert__user")
hold("funding.Consolidation", "named_by", "reason", purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE, path="named_by")
hold("funding.ScoreChange", "by", "at", purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE, path="by")
hold("funding.PanelMessage", "text", "at", purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE, path="review__expert__user")
hold("funding.FactDispute", "grounds", "raised_at", purpose=JUDGE, basis=Basis.DUTY, kept=Kept.FILE,
     path="review__expert__user")  # fmt: skip
hold("funding.FactDispute", "answered_by", "answered_at", purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE,
     path="answered_by")  # fmt: skip
hold("funding.Reopening", "requested_by", "requested_at", purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE,
     path="requested_by")  # fmt: skip

hold(
    "kernel.AuditEntry", "at", "actor", "actor_name", "roles", "action", "result", "subject_type", "subject_id",
    "address", "method", "path", "request_id", purpose=SECURE, basis=Basis.SECURITY, kept=Kept.TRAIL, path="actor",
)  # fmt: skip
hold("kernel.AuditEntry", "subject_label", "note", "facts", purpose=SECURE, basis=Basis.SECURITY, kept=Kept.TRAIL)
hold("kernel.Notification", ALL, purpose=TELL, basis=Basis.CONTRACT, kept=Kept.ACCOUNT, path="recipient")
hold("kernel.NoticeChoice", ALL, purpose=TELL, basis=Basis.CONTRACT, kept=Kept.ACCOUNT, path="person")
hold("kernel.Letter", ALL, purpose=TELL, basis=Basis.CONTRACT, kept=Kept.SHORT, path="recipient", withheld=["secret"])
hold("kernel.MailText", "changed_by", "created_at", purpose=ACT, basis=Basis.DUTY, kept=Kept.FILE, path="changed_by")
hold("kernel.ListColumns", ALL, purpose=ACT, basis=Basis.CONTRACT, kept=Kept.ACCOUNT, path="person")
hold("kernel.SavedFilter", ALL, purpose=ACT, basis=Basis.CONTRACT, kept=Kept.ACCOUNT, path="owner")
hold("kernel.ExportLog", ALL, purpose=SECURE, basis=Basis.SECURITY, kept=Kept.TRAIL, path="user")
hold("reports.Appeal", "name", "contact", "objector", "grounds", "filed_by", purpose=HANDLE, basis=Basis.DUTY,
     kept=Kept.FILE, path="filed_by")  # fmt: skip
hold("reports.AppealFile", ALL, purpose=HANDLE, basis=Basis.DUTY, kept=Kept.FILE, path="appeal__filed_by")
hold("reports.ExportJob", "requested_by", "purpose", purpose=SECURE, basis=Basis.SECURITY, kept=Kept.TRAIL,
     path="requested_by")  # fmt: skip
hold("reports.ExportSchedule", "requested_by", "purpose", purpose=SECURE, basis=Basis.SECURITY, kept=Kept.TRAIL,
     path="requested_by")  # fmt: skip
hold("kernel.Attachment", "uploaded_by", "name", "created_at", purpose=ACT, basis=Basis.CONTRACT, kept=Kept.FILE,
     path="uploaded_by")  # fmt: skip
hold("kernel.Job", "params", "requested_by", purpose=TELL, basis=Basis.CONTRACT, kept=Kept.SHORT)

# Fields whose names sound personal and that speak of organisations, places and things.
NOT_PERSONAL = {
    "kernel.Pulse": {"name"},
    "consortia.Consortium": {"entity_name", "name"},
    "consortia.AttractedEnterprise": {"name"},
    "consortia.BackgroundIp": {"title"},
    "consortia.ConsortiumLink": {"project_name"},
    "consortia.ExitCase": {"ip"},
    "consortia.Fund": {"name"},
    "consortia.KeyTechnology": {"name"},
    "consortia.FieldMilestone": {"name"},
    "consortia.Milestone": {"name"},
    "consortia.Outcome": {"name", "identifier"},
    "consortia.Platform": {"address", "name"},
    "consortia.DirectRecognition": {"document_number"},
    "consortia.Demand": {"title"},
    "consortia.Recognition": {"document_number", "name"},
    "consortia.ResearchTask": {"name"},
    "consortia.SharingRecord": {"name"},
    "consortia.SubField": {"cluster_en", "cluster_zh", "name_en", "name_zh"},
    "funding.FormVersion": {"name_en", "name_zh"},
    "funding.Award": {"document_number"},
    "funding.Call": {"document_number", "title"},
    "funding.CallDocument": {"title"},
    "funding.PublicNotice": {"document_number", "title"},
    "funding.ReviewSession": {"address"},
    "funding.BudgetLine": {"name"},
    "funding.PaymentBatch": {"document_number"},
    "funding.PaymentOrder": {"bank_account", "bank_name", "payee_name"},
    "funding.StatementLine": {"payee_name"},
    "funding.Programme": {"name"},
    "funding.RuleSet": {"name"},
    "funding.Scenario": {"name"},
    "funding.SlotFile": {"title"},
    "reports.GradeList": {"document_number", "title"},
    "reports.TypicalCase": {"title_en", "title_zh"},
    "members.District": {"name_en", "name_zh"},
    "members.Organisation": {"address", "bank_account", "bank_name", "name", "verified_name"},
}
