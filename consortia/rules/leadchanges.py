"""What a change of the lead asks for; cities differ, so every number stands here."""

HEARING_WORKING_DAYS = 10  # in which a lead that did not propose the change itself may answer
LEADS_PER_SUB_FIELD = 1  # recognised consortia that an enterprise leads in one sub-field at most
