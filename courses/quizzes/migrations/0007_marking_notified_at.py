from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses_quizzes", "0006_allowance_withdrawn_because"),
    ]

    operations = [
        migrations.AddField(
            model_name="marking",
            name="notified_at",
            field=models.DateTimeField(null=True),
        ),
    ]
