from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses_quizzes", "0005_checked_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="allowance",
            name="withdrawn_because",
            field=models.TextField(blank=True, max_length=1000, verbose_name="reason of the withdrawal"),
        ),
    ]
