"""The form in which one of the Seven Ones is claimed for a year."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import Progress, SevenOnes
from consortia.forms.fields import area
from consortia.models import Consortium, SevenOnesItem
from consortia.rules.sevenones import Proof
from consortia.selectors.sevenones import entries_for, name_of
from consortia.services.sevenones import KIND, Claim
from portal.kernel.forms import UploadField


class ClaimForm(forms.ModelForm[SevenOnesItem]):
    """How far it is, in words, and what proves it."""

    claimed = forms.TypedChoiceField(
        label=_("How far it is"), choices=Progress.choices, coerce=lambda typed: Progress(int(typed)),
        widget=forms.RadioSelect,
    )  # fmt: skip
    evidence = forms.MultipleChoiceField(
        label=_("What proves it"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Entries of the registers of this consortium, and files that are attached already."),
    )  # fmt: skip
    upload = UploadField(kind=KIND, label=_("A further file"), required=False)
    label = forms.CharField(label=_("What the file proves"), max_length=120, required=False)

    class Meta:
        model = SevenOnesItem
        fields = ["claimed", "narrative"]
        widgets = {"narrative": area(5)}
        help_texts = {"narrative": _("What was done in the year. Needed where you claim more than the registers say.")}

    def __init__(self, *args: Any, consortium: Consortium, **kwargs: Any) -> None:
        """`consortium` comes from `load_whole`."""
        super().__init__(*args, **kwargs)
        proofs = list(self.instance.evidence.select_related("attachment")) if self.instance.claimed_at else []
        entries = entries_for(consortium, SevenOnes(self.instance.item))
        offered = {f"{kind}:{entry.pk}": name_of(kind, entry) for kind, entry in entries}
        for proof in proofs:
            name = f"{proof.label} · {proof.attachment.name}" if proof.attachment else proof.label
            offered.setdefault(proof.key, name)
        self.fields["evidence"].choices = [(key, f"{kind_of(key)} · {name}") for key, name in offered.items()]  # type: ignore[attr-defined]
        self.fields["evidence"].initial = [proof.key for proof in proofs]
        if not offered:
            del self.fields["evidence"]

    def claim(self) -> Claim:
        """What was filled in."""
        said = self.cleaned_data
        return Claim(
            said["claimed"], said["narrative"], frozenset(said.get("evidence", ())), said["upload"], said["label"]
        )

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.cleaned_data.get("label") and not self.cleaned_data.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _("Choose the file."))
        return cleaned


def kind_of(key: str) -> str:
    """The kind of a piece of evidence in words."""
    return str(Proof(key.partition(":")[0]).label)
