from django.apps import AppConfig


class StarterConfig(AppConfig):
    """The first pages of a site: a command and its texts. No models."""

    name = "elearn.starter"
    label = "elearn_starter"
    verbose_name = "First pages"
