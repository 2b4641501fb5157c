"""The live page of components: every specimen is shown and, below it, its own source."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.template.loader import get_template
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from portal.kernel import samples

SPECIMENS = (
    "badges", "buttons", "facts", "notes", "tabs", "clocks", "steps", "table", "filters", "form", "tasks", "feed",
    "files", "progress", "dialog", "empty", "meters", "network", "hexmap", "charts",
)  # fmt: skip


@dataclass(frozen=True)
class Specimen:
    """One component: the template that shows it and the text of that template."""

    name: str
    template: str
    source: str


@method_decorator(login_not_required, name="dispatch")
class Styleguide(TemplateView):
    """Open to everybody, but only where the setting STYLEGUIDE is on."""

    template_name = "styleguide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The specimens and the sample data that they draw."""
        return super().get_context_data(specimens=[specimen(name) for name in SPECIMENS], **samples.context(), **kwargs)


def specimen(name: str) -> Specimen:
    """Reads the template's own file, before cotton compiles it."""
    path = f"styleguide/{name}.html"
    origin: Any = get_template(path)
    return Specimen(name, path, Path(origin.template.origin.name).read_text().strip())
