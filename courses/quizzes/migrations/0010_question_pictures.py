import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("courses_quizzes", "0009_scenario_source_digest"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="pictures",
            field=wagtail.fields.StreamField(
                [("picture", 3)],
                blank=True,
                block_lookup={
                    0: ("courses.quizzes.blocks.SameImageBlock", (), {"label": "Image"}),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "default": "",
                            "help_text": "What the picture shows, for people who can't see it, without giving the answer away. Required.",
                            "label": "Alternative text",
                            "max_length": 300,
                        },
                    ),
                    2: ("courses.quizzes.blocks.PackageIdBlock", (), {"label": "id in course packages"}),
                    3: ("wagtail.blocks.StructBlock", [[("image", 0), ("alt", 1), ("package_id", 2)]], {}),
                },
                help_text="Shown under the question's text.",
                verbose_name="pictures",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="choices",
            field=wagtail.fields.StreamField(
                [("choice", 6)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.CharBlock", (), {"label": "Text", "max_length": 500}),
                    1: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "help_text": "The same in every language.",
                            "label": "This is a right answer",
                            "required": False,
                        },
                    ),
                    2: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "Shown after the answers were submitted.",
                            "label": "Remark for those who chose it",
                            "max_length": 1000,
                            "required": False,
                        },
                    ),
                    3: ("courses.quizzes.blocks.SameImageBlock", (), {"label": "Picture", "required": False}),
                    4: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "default": "",
                            "help_text": "What the picture shows, for people who can't see it. Required with a picture.",
                            "label": "Alternative text of the picture",
                            "max_length": 300,
                            "required": False,
                        },
                    ),
                    5: ("courses.quizzes.blocks.PackageIdBlock", (), {"label": "id in course packages"}),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("text", 0),
                                ("correct", 1),
                                ("feedback", 2),
                                ("picture", 3),
                                ("alt", 4),
                                ("package_id", 5),
                            ]
                        ],
                        {},
                    ),
                },
                verbose_name="choices",
            ),
        ),
    ]
