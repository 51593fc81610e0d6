"""Rights in the admin that the apps ask for on behalf of trainers."""

from dataclasses import dataclass

from courses.lib.registry import Registry


@dataclass(frozen=True)
class TrainerRight:
    """One permission of Django's for the trainers' group; `key` is `app_label.codename`."""

    key: str


trainer_rights: Registry[TrainerRight] = Registry("rights of trainers")
