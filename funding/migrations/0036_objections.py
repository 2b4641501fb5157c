from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("funding", "0035_assignments")]

    operations = [
        migrations.AddField("objection", "amended_amount", models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name="amount after it")),
        migrations.AddField("objection", "amended_tier", models.CharField(blank=True, choices=[("A", "Tier A"), ("B", "Tier B"), ("C", "Tier C (cultivation)")], db_default="", default="", max_length=1, verbose_name="tier after it")),
        migrations.AddField("objection", "answer_due", models.DateField(null=True, verbose_name="answer due")),
        migrations.AddField("objection", "code_hash", models.CharField(blank=True, db_default="", default="", editable=False, max_length=64)),
        migrations.AddField("objection", "effect", models.CharField(blank=True, choices=[("AMEND", "Tier or amount is lowered"), ("CANCEL", "The support is cancelled")], db_default="", default="", max_length=8, verbose_name="effect")),
        migrations.AddField("objection", "letter", models.TextField(blank=True, db_default="", default="", max_length=3000, verbose_name="reply to the objector")),
        migrations.AddField("objection", "letter_sent_at", models.DateTimeField(null=True, verbose_name="reply posted")),
        migrations.SeparateDatabaseAndState(  # the database knows no choices
            state_operations=[
                migrations.AlterField("objection", "status", models.CharField(choices=[("OPEN", "Being handled"), ("DISMISSED", "Dismissed"), ("UPHELD", "Upheld"), ("REFUSED", "Not admitted")], default="OPEN", editable=False, max_length=10, verbose_name="status")),
            ],
        ),
        AddConstraintNotValid(
            model_name="objection",
            constraint=models.CheckConstraint(condition=models.Q(("effect", ""), ("status", "UPHELD"), _connector="OR"), name="effect_of_an_upheld_objection", violation_error_message="Only an objection that is upheld has an effect."),
        ),
        AddConstraintNotValid(
            model_name="objection",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("amended_amount__gte", 0), ("effect", "AMEND"), models.Q(("amended_tier", ""), _negated=True)), models.Q(models.Q(("effect", "AMEND"), _negated=True), ("amended_amount", None), ("amended_tier", "")), _connector="OR"), name="amended_to_a_tier_and_an_amount", violation_error_message="An amended decision has a tier and an amount."),
        ),
    ]
