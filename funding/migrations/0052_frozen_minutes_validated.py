from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funding", "0051_frozen_minutes")]

    operations = [ValidateConstraint("reviewsession", "frozen_minutes_are_locked")]
