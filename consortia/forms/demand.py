"""Forms of demands and their answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.forms.fields import area
from consortia.models import Consortium, Demand, DemandAnswer
from consortia.selectors.demands import answering_places, posing_places
from members.models import Organisation
from portal.kernel.forms import DayField


class DemandForm(forms.ModelForm[Demand]):
    """A question of an enterprise."""

    class Meta:
        model = Demand
        fields = ["poser", "title", "question", "deadline"]
        field_classes = {"deadline": DayField}
        widgets = {"question": area(6)}
        help_texts = {"question": _("Read by the members of this consortium and the bureau only.")}

    def __init__(self, *args: Any, consortium: Consortium, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "poser", posing_places(user, consortium))


class PublishForm(forms.ModelForm[Demand]):
    """What all consortia are shown."""

    class Meta:
        model = Demand
        fields = ["brief", "named"]
        widgets = {"brief": area(4)}
        help_texts = {"brief": _("Title, question and consortium stay inside; this text is all that others read.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brief"].required = True


class AnswerForm(forms.ModelForm[DemandAnswer]):
    """A proposal in the name of one's organisation."""

    class Meta:
        model = DemandAnswer
        fields = ["organisation", "proposal"]
        widgets = {"proposal": area(6)}
        help_texts = {"proposal": _("Read by who asks and by the bureau only.")}

    def __init__(self, *args: Any, demand: Demand, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", answering_places(user, demand))


def offer(form: Any, name: str, places: set[Any]) -> None:
    """Let one of these organisations be chosen; the only one is chosen already."""
    form.fields[name].queryset = Organisation.objects.filter(pk__in=places)
    if len(places) == 1:
        form.fields[name].initial = next(iter(places))
