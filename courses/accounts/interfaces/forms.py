"""Forms of signing in and up."""

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms


class LoginForm(AllauthLoginForm):
    pass


class SignupDetailsForm(forms.Form):
    def signup(self, request, user):
        pass
