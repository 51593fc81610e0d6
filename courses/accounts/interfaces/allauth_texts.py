"""Words of allauth that our catalogues say better than its own (imperatives on buttons, a literal 'generates').

Nothing reads this tuple: it brings the messages into our catalogues, which Django prefers to those of an app.
"""

from django.utils.translation import gettext_noop

REWORDED = (
    gettext_noop("Change Password"),
    gettext_noop("Generate"),
    gettext_noop("Generate new codes"),
    gettext_noop("Deactivate"),
    gettext_noop("Deactivate Authenticator App"),
    gettext_noop("Enter your password:"),
    gettext_noop("Enter an authenticator code:"),
    gettext_noop("Authenticator code"),
    gettext_noop("Authenticator secret"),
    gettext_noop("Are you sure?"),
    gettext_noop("Two-Factor Authentication"),
    gettext_noop("Bad Token"),
    gettext_noop("You have confirmed %(email)s."),
    gettext_noop("Confirmation email sent to %(email)s."),
    gettext_noop("Incorrect password."),
)
