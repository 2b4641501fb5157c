"""Several names in one sentence."""

import pytest
from django.utils.translation import override

from portal.kernel.enumerating import enumerated


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "甲、乙"), ("en", "甲, 乙")])
def test_names_are_set_apart_as_the_language_does_it(language: str, said: str) -> None:
    with override(language):
        assert (enumerated(["甲", "乙"]), enumerated(iter(["甲"])), enumerated([])) == (said, "甲", "")
