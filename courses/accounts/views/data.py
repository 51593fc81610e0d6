"""My data, and closing my account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from courses.accounts.domain.closing import close_account
from courses.accounts.domain.personal_data import export_all
from courses.accounts.domain.roles import LastAdministratorError
from courses.accounts.interfaces.data_page import sections
from courses.accounts.interfaces.forms import CloseAccountForm
from courses.accounts.interfaces.http import PersonRequest


@login_required
@require_safe
def data(request: PersonRequest) -> HttpResponse:
    """Everything the site holds of me, to read."""
    held = export_all(request.user, timezone.now())
    return render(request, "courses_accounts/data.html", {"sections": sections(held, get_language() or "fr")})


@login_required
@require_safe
def download(request: PersonRequest) -> HttpResponse:
    """The same as a file that programs read."""
    at = timezone.now()
    response = JsonResponse(
        export_all(request.user, at), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate(at):%Y-%m-%d}.json"'
    return response


@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PersonRequest) -> HttpResponse:
    """Close my account, after saying what remains."""
    form = CloseAccountForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(request.user, timezone.now())
        except LastAdministratorError:
            form.add_error(None, _("You are the last administrator: give the role to somebody else first."))
        else:
            logout(request)
            messages.success(request, _("Your account is closed. Your name and addresses are removed."))
            return redirect("account_login")
    return render(request, "courses_accounts/close.html", {"form": form})
