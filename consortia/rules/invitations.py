"""How long an invitation to take part stands; defaults, in working days."""

ANSWER_WITHIN = 10
REMIND_BEFORE = 3  # days before the last one on which who has not answered is reminded
