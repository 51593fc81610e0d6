"""The form for the name on certificates, wherever a page asks for it."""

from typing import Any

from django import template

from courses.accounts.interfaces.certificate_name import CertificateNameForm

register = template.Library()


@register.inclusion_tag("courses_accounts/includes/certificate_name_form.html", takes_context=True)
def certificate_name_form(context: template.Context, main: bool = True) -> dict[str, Any]:
    """The signed-in person's form; sends to its own page and comes back to this one. Once a page. No query.

    `main`: whether it is the main action of the screen.
    """
    request = context["request"]
    return {
        "form": CertificateNameForm(user=request.user),
        "next": request.get_full_path(),
        "main": main,
    }
