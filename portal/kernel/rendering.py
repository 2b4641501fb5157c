"""How forms are drawn."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Forms and fields by our own templates."""

    form_template_name = "django/forms/div.html"
    field_template_name = "components/field.html"
