from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration: a command and its data. No models."""

    name = "elearn.demo"
    label = "elearn_demo"
    verbose_name = "Demonstration"
