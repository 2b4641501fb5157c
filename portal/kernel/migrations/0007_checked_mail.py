from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("kernel", "0006_index_of_what_is_to_mail")]

    operations = [ValidateConstraint(model_name="notification", name="notification_mail_is_known")]
