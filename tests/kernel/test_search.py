"""The search by words of a name: folded, by two characters, every word."""

import pytest
from django.db import connection

from members.models import Organisation
from portal.kernel.search import bigrams, fold, matching, words_of
from tests.factories.members import make_organisation

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return sorted(matching(Organisation.objects.all(), text).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "folded"), [("ＡＢＣ１２３", "abc123"), ("Sample 样例", "sample 样例"), ("㎡", "m2"), ("", "")]
)
def test_python_and_the_database_fold_alike(text: str, folded: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_fold(%s), kernel_bigrams(kernel_fold(%s))", [text, text])
        in_database, pairs = cursor.fetchone()

    assert (fold(text), in_database) == (folded, folded)
    assert sorted(pairs) == bigrams(folded)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("澄湖", ["样例澄湖光子有限公司"]),
        ("光子 澄湖", ["样例澄湖光子有限公司"]),
        ("湖", ["样例湖山Robot研究院", "样例澄湖光子有限公司"]),
        ("robot", ["样例湖山Robot研究院"]),
        ("ＲＯＢＯＴ", ["样例湖山Robot研究院"]),
        ("光湖", []),
        ("湖山 光子", []),
        ("%", []),
        ("_", []),
        ("   ", ["样例湖山Robot研究院", "样例澄湖光子有限公司"]),
    ],
)
def test_every_word_must_be_in_the_name(text: str, names: list[str]) -> None:
    make_organisation("样例澄湖光子有限公司")
    make_organisation("样例湖山Robot研究院")

    assert found(text) == names


def test_a_part_of_the_credit_code_finds_too() -> None:
    organisation = make_organisation("样例澄湖光子有限公司")

    assert found(str(organisation.uscc)[4:12]) == [organisation.name]


def test_pairs_scattered_over_a_name_are_not_the_word() -> None:
    make_organisation("样例甲乙丙，乙丙丁")

    assert found("甲乙丙丁") == []


def test_a_renamed_organisation_is_found_under_its_new_name_only() -> None:
    organisation = make_organisation("样例旧名有限公司")

    organisation.name = "样例新名有限公司"
    organisation.save()

    assert (found("旧名"), found("新名")) == ([], [organisation.name])


def test_a_long_search_is_cut_not_refused() -> None:
    assert len(words_of("字 " * 500)) == 8
    assert found("长" * 5000) == []
