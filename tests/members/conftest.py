"""What the tests of this room share."""

import pytest

from members.enums import Role
from members.models import User
from tests.factories.members import give, make_user


@pytest.fixture
def bare_officer(db: None) -> User:
    """An official who has not set up a second factor yet."""
    user = make_user("bare", "样例新员")
    give(user, Role.OFFICER)
    return user
