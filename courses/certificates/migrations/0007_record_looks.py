from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses_certificates', '0006_reasons_and_badge_positions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='certificateevent',
            name='kind',
            field=models.CharField(choices=[('requested', 'requested'), ('issued', 'issued'), ('failed', 'could not be made'), ('retried', 'tried again'), ('erased', 'holder erased'), ('handed_out', 'downloaded by somebody else'), ('looked_at', 'page with the name opened by somebody else'), ('revoked', 'revoked'), ('superseded', 'superseded'), ('shown', 'association shown to the public'), ('hidden', 'association hidden from the public'), ('name_link_made', 'link with the full name made'), ('name_link_ended', 'link with the full name ended'), ('expiry_announced', 'holder told of the expiry')], max_length=20, verbose_name='event'),
        ),
    ]
