from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses_progress", "0002_programmes")]

    operations = [
        migrations.AddField(
            model_name="lessonopening",
            name="last_opened_at",
            field=models.DateTimeField(null=True),
        ),
    ]
