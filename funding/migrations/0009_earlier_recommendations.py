from itertools import groupby

from django.db import migrations


def enter(apps, _schema_editor):
    """What was recommended before there were lists stands in them in the order in which it was recommended."""
    Application = apps.get_model("funding", "Application")
    List = apps.get_model("funding", "RecommendationList")
    Entry = apps.get_model("funding", "RecommendationEntry")
    rows = Application.objects.filter(recommended_at__isnull=False, recommended_by__isnull=False, entry=None)
    rows = rows.order_by("call_id", "district_id", "recommended_at", "pk").only("call_id", "district_id")
    for (call, district), group in groupby(rows, lambda row: (row.call_id, row.district_id)):
        listing, _made = List.objects.get_or_create(call_id=call, district_id=district)
        Entry.objects.bulk_create(
            Entry(list=listing, application=row, position=position) for position, row in enumerate(group, start=1)
        )


class Migration(migrations.Migration):

    dependencies = [("funding", "0008_recommendation_lists")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
