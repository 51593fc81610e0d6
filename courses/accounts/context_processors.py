from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name, for every template."""
    return {"site_name": settings.WAGTAIL_SITE_NAME}
