"""The rows from before keep the rules of appeals and lists, too."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0016_appeals_of_final_grades'),
    ]

    operations = [
        ValidateConstraint(model_name='evaluation', name='filed_means_by_whom_and_what'),
        ValidateConstraint(model_name='evaluation', name='self_report_verified_means_by_whom'),
        ValidateConstraint(model_name='evaluation', name='year_scored_means_declared_expert'),
        ValidateConstraint(model_name='evaluation', name='year_graded_means_total_and_grade'),
        ValidateConstraint(model_name='evaluation', name='year_grader_tells_no_grade'),
        ValidateConstraint(model_name='evaluation', name='grade_told_by_whom_and_until'),
        ValidateConstraint(model_name='evaluation', name='grade_publicised_on_a_list'),
    ]
