"""Codes of sub-fields through the versions of the taxonomy."""


def root_code(code: str) -> str:
    """What stays the same when a sub-field is renamed: `E01` of `E01-3`."""
    return code.partition("-")[0]


def next_code(code: str, version: int) -> str:
    """The code of a successor in a version."""
    return f"{root_code(code)}-{version}"
