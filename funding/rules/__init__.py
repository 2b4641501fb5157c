"""Pure rules of a call: defaults, eligibility, scoring. No database, no clock."""
