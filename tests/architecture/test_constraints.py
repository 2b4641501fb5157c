"""What a form lets somebody type against a constraint is answered with a sentence, never with the constraint's name."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import models
from django.forms.models import BaseModelForm

from tests.architecture.source import ROOMS, modules

UNNAMED = models.BaseConstraint.default_violation_error_message


def model_forms() -> list[type[BaseModelForm]]:
    """Every form of ours that edits a model."""
    for path in modules():
        if "/forms" in path:
            import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    found = [form for form in _below(BaseModelForm) if form.__module__.split(".")[0] in ROOMS and form._meta.model]
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


def _below(form: type[BaseModelForm]) -> Iterator[type[BaseModelForm]]:
    for below in form.__subclasses__():
        yield below
        yield from _below(below)


def reached(form: type[BaseModelForm]) -> Iterator[models.BaseConstraint]:
    """A check of which every part is typed here, and whatever must be unique and is typed here in part."""
    model = form._meta.model
    typed = set(form.base_fields)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            named = {reference[0] for reference in model._get_expr_references(constraint.condition)}
            if named <= typed:
                yield constraint
        elif isinstance(constraint, models.UniqueConstraint) and typed & set(constraint.fields):
            yield constraint


def test_forms_of_every_room_are_found() -> None:
    found = {f"{form.__module__.split('.')[0]}:{form.__name__}" for form in model_forms()}

    assert {"members:QualificationForm", "consortia:OutcomeForm", "funding:CallForm"} - found == set()


@pytest.mark.parametrize("form", model_forms(), ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_a_constraint_that_a_form_can_break_has_a_sentence(form: type[BaseModelForm]) -> None:
    silent = [one.name for one in reached(form) if one.violation_error_message == UNNAMED]

    assert silent == []


def coded() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    """Every constraint of ours that says at which field its sentence stands."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ROOMS:
            yield from ((model, one) for one in model._meta.constraints if one.violation_error_code)


def test_a_constraint_says_its_sentence_at_one_of_its_own_fields() -> None:
    strange = [one.name for model, one in coded() if one.violation_error_code not in _fields_of(model, one)]

    assert strange == []


def _fields_of(model: type[models.Model], constraint: models.BaseConstraint) -> set[str]:
    if isinstance(constraint, models.UniqueConstraint):
        return set(constraint.fields)
    assert isinstance(constraint, models.CheckConstraint)
    return {reference[0] for reference in model._get_expr_references(constraint.condition)}
