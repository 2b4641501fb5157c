"""What a score means: for every indicator that experts score one sentence a level, from the highest to the lowest.

A level begins at a share of the indicator's maximum. All of it is rule data, and the sentences are proposals of ours.
"""

from typing import Any

LEVELS = ("0.85", "0.7", "0.5", "0")  # excellent, good, fair, weak

SENTENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "L4": (
        ("主导制定国际或国家标准，市场占有率居行业前列，能组织全链条协同",
         "Leads national or international standards, is among the first of its market, organises the whole chain"),
        ("参与制定国家或行业标准，有成规模的发明专利，带动多家上下游企业",
         "Takes part in national or industry standards, holds many invention patents, draws in several partners"),
        ("有一定市场地位和专利积累，带动作用限于少数配套企业",
         "Has some standing in its market and some patents, draws in a few suppliers only"),
        ("市场、标准、专利均无突出之处，难以看出组织能力",
         "Stands out neither in market, standards nor patents; no power to organise is visible"),
    ),
    "M4": (
        ("核心、紧密、一般三层清楚，每家职责、投入、交付物都写明并相互衔接",
         "Core, close and general layers are clear; duties, contribution and results of each fit together"),
        ("分层清楚，主要成员职责明确，个别成员交付物不够具体",
         "Layers are clear and the main members have clear duties; a few results are vague"),
        ("有分层，职责多为原则性表述", "There are layers, yet duties are mostly general words"),
        ("分层与职责不清，或有成员无实际任务", "Layers and duties are unclear, or members have no real task"),
    ),
    "B1": (
        ("近三年连续合作，合同额高，共同完成多个项目并有验收材料",
         "Worked together in each of three years, with high contract values and several accepted projects"),
        ("近三年有实质合作和合同，共同完成过项目",
         "Real cooperation with contracts within three years, at least one project finished together"),
        ("合作时间短或金额小，证明材料有限", "Cooperation is short or small, with little evidence"),
        ("仅有意向，没有实质合作", "There is an intention only, no real cooperation"),
    ),
    "B2": (
        ("有多项联合专利和已运行的共建平台，权属约定清楚",
         "Several joint patents and a joint platform at work, with clear ownership"),
        ("有联合专利或共建平台，权属基本清楚", "Joint patents or a joint platform, ownership mostly clear"),
        ("联合成果少，或平台尚在建设", "Few joint results, or the platform is still being built"),
        ("没有联合知识产权和平台", "No joint intellectual property and no platform"),
    ),
    "B3": (
        ("牵头承担国家级项目，与攻关方向直接相关", "Leads a national project that bears directly on the tasks"),
        ("参与国家级或牵头省级项目，与攻关方向相关",
         "Takes part in a national or leads a provincial project that bears on the tasks"),
        ("参与省级项目，或与攻关方向关系较远", "Takes part in a provincial project, or one that is further away"),
        ("没有国家级、省级项目经历", "No experience with national or provincial projects"),
    ),
    "T1": (
        ("清单对准产业链真实短板，现状、差距、对标和指标均可测、可核",
         "The list meets real gaps of the chain; baseline, gap, benchmark and targets can all be measured"),
        ("需求真实，多数条目指标可测，对标基本合理",
         "Real needs, most entries can be measured, benchmarks are mostly reasonable"),
        ("需求成立，但部分指标含糊或水平偏低", "The need is there, yet some targets are vague or low"),
        ("需求不实或指标无法核验", "The need is not real, or targets cannot be verified"),
    ),
    "T2": (
        ("路线论证充分，里程碑、资源与风险对策一一对应，有试验依据",
         "The route is well argued; milestones, resources and answers to risks match and rest on tests"),
        ("路线可行，里程碑和资源合理，主要风险有对策",
         "The route is feasible, milestones and resources reasonable, main risks answered"),
        ("路线大体可行，里程碑粗，风险对策不足", "Mostly feasible, with coarse milestones and few answers to risks"),
        ("路线不清或关键条件不具备", "The route is unclear, or key conditions are missing"),
    ),
    "T3": (
        ("终端产品、客户和本地落地主体明确，有订单或应用验证安排",
         "Product, customers and local producer are settled, with orders or trials arranged"),
        ("产品与市场明确，落地安排较具体", "Product and market are clear, production here is fairly concrete"),
        ("有产业化设想，市场和落地依据不足", "An idea of the market, with little to support it"),
        ("看不出产业化路径", "No way to the market is visible"),
    ),
    "O2": (
        ("决策机构、首席科学家、资金与退出规则齐备并已运行，实体化到位",
         "Decision body, chief scientist, rules on money and leaving are all at work, in a legal entity"),
        ("治理与退出规则完整，已明确责任人", "Governance and rules of leaving are complete, with people in charge"),
        ("有治理框架，退出或资金规则不完整", "A framework is there; rules on leaving or money are incomplete"),
        ("治理松散，无可执行规则", "Loose governance without rules that could be applied"),
    ),
    "E1": (
        ("有省级以上高层次人才领衔，梯队完整、投入时间明确",
         "Led by talents of provincial rank or above, with a complete team and stated time"),
        ("有市级以上人才，团队结构合理", "Talents of city rank or above, a reasonable team"),
        ("团队基本具备，缺少领军人才", "The team is mostly there, without a leading talent"),
        ("团队薄弱或未落实", "The team is weak or not settled"),
    ),
}  # fmt: skip


def anchors_of(code: str) -> list[dict[str, Any]]:
    """The levels of an indicator as rule data."""
    return [
        {"from": share, "zh": zh, "en": en} for share, (zh, en) in zip(LEVELS, SENTENCES.get(code, ()), strict=False)
    ]
