"""The requests that stood before hold what an answer has to hold."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consortia", "0019_answers_to_requests")]
    operations = [ValidateConstraint("platformmatch", "match_answered_by_whom")]
