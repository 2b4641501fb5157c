"""What organisations ask about the open call, what the bureau answers, and a close put off."""

from datetime import date, timedelta

from funding.models import Call
from funding.services.calls import extend_call
from funding.services.questions import answer_question, ask_question, publish_answer
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

# Asked; answered to the asker; as everybody reads it. Without an answer the question waits.
QUESTIONS = (
    (
        "本单位拟与一所境外高校合作，境外成员没有统一社会信用代码，应如何填报？",
        "境外成员选择“境外机构”，填写所在国家和登记号即可，并在附件中提供登记证明。",
        "境外成员单位没有统一社会信用代码，应如何填报？",
    ),
    (
        "联合体协议是否必须先由全部成员单位盖章，才能提交申报？",
        "成员单位可在系统内签署，也可上传盖章扫描件；提交前须全部签署完毕。",
        "联合体协议应在何时、以何种方式签署？",
    ),
    ("上年度审计报告尚未出具，可否先填报未经审计的数据？", "可以先行填报并注明来源，正式报告出具后及时更正。", ""),
    ("同一企业能否作为成员单位参加两个不同细分领域的联合体？", "", ""),
)


def advise(cast: Cast, call: Call, today: date) -> None:
    """Four questions on the way from asked to public, and one extension."""
    officer = cast.bureau[Role.OFFICER]
    applications = call.applications.select_related("consortium__lead").order_by("number")
    lead = applications[0].consortium.lead
    for days, (text, answer, public) in enumerate(QUESTIONS):
        asked = moment(today - timedelta(days=12 - 3 * days))
        question = ask_question(call=call, organisation=lead, actor=cast.of(lead), at=asked, text=text)
        if answer:
            at = asked + timedelta(days=1)
            answer_question(question=question, actor=officer, at=at, answer=answer)
        if public:
            at = asked + timedelta(days=1, hours=1)
            publish_answer(question=question, actor=officer, at=at, public_text=public, answer=answer)
    extend_call(
        call=call,
        actor=cast.bureau[Role.HEAD],
        at=moment(today - timedelta(days=2)),
        closes_at=call.closes_at + timedelta(days=5),
        reason="应多家单位请求，为补齐境外成员登记材料，截止时间延后五日。",
    )
