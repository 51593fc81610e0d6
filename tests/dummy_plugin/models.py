from courses.plugin_api.pages import ActivityPage


class DummyPage(ActivityPage):
    """An activity with nothing of its own."""

    template = "dummy_plugin/dummy_page.html"
    translatable_fields = ActivityPage.activity_translatable_fields
    content_panels = [*ActivityPage.content_panels, *ActivityPage.activity_panels]
