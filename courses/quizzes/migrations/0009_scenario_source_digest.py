from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses_quizzes", "0008_choice_scoring"),
    ]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="source_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]
