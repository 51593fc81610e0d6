"""Who gets which answer at each address of the site. An address that isn't in the table fails.

Columns: a visitor; the member whose record it is; another member, in another region; a trainer; the coordinator
of the owner's region; a coordinator of another region; an administrator. Outside one's scope the answer is 404.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from courses.accounts.enums import MembershipStatus
from courses.accounts.models import Membership
from tests.architecture.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db

# Addresses of packages, with rules and tests of their own; `test_groups_are_closed` asks at their doors.
GROUPS = {
    "wagtail.admin.urls": "admin/",
    "wagtail.documents.urls": "documents/",
    "allauth.urls": "accounts/",
    "wagtail.urls": "pages of the tree",
}

OPEN = (200,) * 7
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)
# For people with a report: signing in first, then 404 for whoever has none.
REPORT = (302, 404, 404, 404, 200, 200, 200)
REPORT_HERE = (302, 404, 404, 404, 200, 404, 200)
OWN = (302, 200, 404, 404, 404, 404, 404)
# A document with a name: of others, only with the permission to export names, which no coordinator here has.
OWN_OR_NAMES = (302, 200, 404, 404, 404, 404, 200)
# A form that was accepted sends on; for a visitor, to the sign-in.
ACTION = (302,) * 7
OWN_ACTION = (302, 302, 404, 404, 404, 404, 404)
NOWHERE = (404,) * 7
READ_ONLY = (405,) * 7

# (method, address, arguments): status by role, in the order of ROLES.
MATRIX: dict[tuple[str, str, str], tuple[int, ...]] = {
    ("get", "healthz", ""): OPEN,
    ("post", "healthz", ""): READ_ONLY,
    ("get", "admin/login/", ""): ACTION,
    ("get", "media", "file"): NOWHERE,
    ("get", "mailbox", ""): NOWHERE,  # only the embedded profile has one
    # accounts
    ("get", "accounts:profile", ""): SIGNED_IN,
    ("post", "accounts:profile", ""): SIGNED_IN,  # an empty form is shown again
    ("get", "accounts:certificate_name", ""): SIGNED_IN,
    ("post", "accounts:certificate_name", ""): SIGNED_IN,  # an empty form is shown again
    ("get", "accounts:association", ""): SIGNED_IN,
    ("post", "accounts:association", ""): SIGNED_IN,
    ("get", "accounts:leave", "membership"): (302, 405, 405, 405, 405, 405, 405),
    ("post", "accounts:leave", "membership"): OWN_ACTION,
    ("get", "accounts:consent", "consent"): (302, 405, 405, 405, 405, 405, 405),
    ("post", "accounts:consent", "consent"): ACTION,
    ("post", "accounts:confirm_address", ""): ACTION,
    ("get", "accounts:data", ""): SIGNED_IN,
    ("get", "accounts:download", ""): SIGNED_IN,
    ("get", "accounts:close", ""): SIGNED_IN,
    ("post", "accounts:close", ""): SIGNED_IN,  # without the password nothing is closed
    ("get", "accounts:privacy", ""): OPEN,
    ("get", "accounts:pending", ""): REPORT,
    ("post", "accounts:decide_association", "proposed"): (302, 404, 404, 404, 302, 404, 302),
    ("post", "accounts:decide_membership", ""): (302, 404, 404, 404, 302, 302, 302),  # see below
    # courses
    ("get", "courses:catalogue", ""): ACTION,
    ("get", "courses:untranslated", "page"): ACTION,
    # progress
    ("get", "progress:my_learning", ""): SIGNED_IN,
    ("get", "progress:enrol", "course"): READ_ONLY,
    ("post", "progress:enrol", "course"): ACTION,
    ("get", "progress:complete", "activity"): READ_ONLY,
    ("post", "progress:complete", "activity"): ACTION,
    ("get", "progress:join", "invitation"): ACTION,
    ("get", "progress:programmes", ""): REPORT,
    ("get", "progress:new_programme", ""): REPORT,
    ("post", "progress:new_programme", ""): REPORT,  # an empty form is shown again
    ("get", "progress:programme", "programme"): REPORT_HERE,
    ("post", "progress:programme", "programme"): REPORT_HERE,
    # quizzes
    ("get", "quizzes:start", "quiz"): READ_ONLY,
    ("post", "quizzes:start", "quiz"): ACTION,
    ("get", "quizzes:before", "quiz"): READ_ONLY,
    ("post", "quizzes:before", "quiz"): (302, 404, 404, 404, 404, 404, 404),  # this quiz has no such form
    ("get", "quizzes:refresh", "quiz"): READ_ONLY,
    ("post", "quizzes:refresh", "quiz"): ACTION,  # nobody has one: back to 'My learning'
    ("get", "quizzes:practice", "quiz"): OPEN,
    ("get", "quizzes:attempt", "running"): OWN_ACTION,
    ("get", "quizzes:question", "question"): OWN,
    ("post", "quizzes:question", "question"): OWN_ACTION,
    ("get", "quizzes:answers", "running"): READ_ONLY,
    ("post", "quizzes:answers", "running"): (401, 200, 404, 404, 404, 404, 404),
    ("get", "quizzes:summary", "running"): OWN,
    ("get", "quizzes:submit", "running"): READ_ONLY,
    ("post", "quizzes:submit", "running"): OWN_ACTION,
    ("get", "quizzes:review", "submitted"): OWN,
    ("get", "quizzes:contest", "contested"): OWN,
    ("post", "quizzes:contest", "contested"): OWN,  # an empty form is shown again
    # certificates
    ("get", "certificates:verify", ""): OPEN,
    ("get", "certificates:verify_serial", "serial"): OPEN,
    ("get", "certificates:verify_json", "serial"): OPEN,
    ("get", "certificates:verify_name", "name_link"): OPEN,  # whoever has the holder's link
    ("get", "certificates:verify_file", ""): ACTION,  # to the form
    ("post", "certificates:verify_file", ""): (422,) * 7,  # an empty form is shown again
    ("get", "certificates:verify_offline", ""): OPEN,
    ("get", "certificates:verify_worker", ""): OPEN,
    ("get", "certificates:qr_keys", ""): OPEN,
    ("get", "certificates:show_association", "certificate"): READ_ONLY,
    ("post", "certificates:show_association", "certificate"): OWN_ACTION,
    ("get", "certificates:make_name_link", "certificate"): ACTION,  # to the certificate
    ("post", "certificates:make_name_link", "certificate"): OWN_ACTION,
    ("get", "certificates:end_name_link", "own_link"): READ_ONLY,
    ("post", "certificates:end_name_link", "own_link"): OWN_ACTION,
    ("get", "certificates:certificate", "certificate"): OWN_OR_NAMES,
    ("get", "certificates:download", "certificate"): OWN_OR_NAMES,
    ("get", "certificates:badge", "certificate"): OWN,
    ("get", "certificates:archives", ""): REPORT,
    ("post", "certificates:archives", ""): (
        302,
        404,
        404,
        404,
        403,
        403,
        200,
    ),  # an empty form is shown again
    # Asked for by the administrator; to everybody else it isn't there.
    ("get", "certificates:download_archive", "archive"): (302, 404, 404, 404, 404, 404, 200),
    ("get", "certificates:discard_archive", "archive"): READ_ONLY,
    ("post", "certificates:discard_archive", "archive"): (302, 404, 404, 404, 404, 404, 302),
    ("get", "badges:issuer", ""): OPEN,
    ("get", "badges:status", "status_list"): OPEN,
    ("get", "certificates:correct", "certificate"): READ_ONLY,
    ("post", "certificates:correct", "certificate"): OWN_ACTION,
    ("get", "certificates:follow_again", "certificate"): READ_ONLY,
    ("post", "certificates:follow_again", "certificate"): OWN_ACTION,
    # reports
    ("get", "reports:index", ""): (302, 404, 404, 404, 302, 302, 302),
    ("get", "reports:regions", ""): REPORT,
    ("get", "reports:regions_csv", ""): REPORT,
    ("get", "reports:region", "region"): REPORT_HERE,
    ("get", "reports:region_csv", "region"): REPORT_HERE,
    ("get", "reports:associations_csv", "region"): REPORT_HERE,
    ("get", "reports:region_names", "region"): (302, 404, 404, 404, 403, 404, 200),
    ("post", "reports:region_names", "region"): (302, 404, 404, 404, 403, 404, 200),
    ("get", "reports:association", "association"): REPORT_HERE,
    ("get", "reports:association_names", "association"): (302, 404, 404, 404, 403, 404, 200),
    ("post", "reports:association_names", "association"): (302, 404, 404, 404, 403, 404, 200),
    ("get", "reports:people", ""): REPORT,
    ("get", "reports:name_exports", ""): (302, 404, 404, 404, 404, 404, 200),
}

# The doors of the groups above. Signed in without access to the admin: a page that says so (403).
DOORS: dict[str, tuple[int, ...]] = {
    "/admin/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/pages/": (302, 403, 403, 302, 403, 403, 200),
    "/admin/users/": (302, 403, 403, 302, 403, 403, 200),
    "/admin/certificates/": (302, 403, 403, 302, 403, 403, 200),
    "/admin/certificates-in-bulk/": (302, 403, 403, 302, 403, 403, 200),
    "/admin/certificates-in-bulk/start/": (302, 403, 403, 302, 403, 403, 200),
    "/admin/certificates-in-bulk/archives/": (302, 403, 403, 302, 403, 403, 200),
    "/admin/course-certificates/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-allowances/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-allowances/add/": (302, 403, 403, 200, 403, 403, 200),
    # What isn't there is looked for once more under a language.
    "/admin/quiz-allowances/1/withdraw/": (302, 403, 403, 302, 403, 403, 302),
    "/admin/quiz-corrections/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-objections/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-export/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-import/": (302, 403, 403, 200, 403, 403, 200),
    # A file that isn't kept: back to choosing one.
    "/admin/quiz-import/unknown/": (302, 403, 403, 302, 403, 403, 302),
    "/admin/quiz-import/unknown/done/": (302, 403, 403, 302, 403, 403, 302),
    "/admin/quiz-marking/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-statistics/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-statistics/results/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/quiz-statistics/compute/": (302, 403, 403, 405, 403, 403, 405),
    "/admin/snippets/courses_certificates/certificatedesign/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/snippets/courses_certificates/certificatedesign/add/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/snippets/courses_certificates/certificatedesign/preview/": (302, 403, 403, 200, 403, 403, 200),
    # Shows what is posted.
    "/admin/snippets/courses_certificates/certificatedesign/specimen/": (302, 403, 403, 405, 403, 403, 405),
    "/admin/snippets/courses_quizzes/question/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/snippets/courses_quizzes/questioncategory/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/snippets/courses_quizzes/learningobjective/": (302, 403, 403, 200, 403, 403, 200),
    "/admin/snippets/courses_quizzes/scenario/": (302, 403, 403, 200, 403, 403, 200),
    "/documents/1/file.pdf": NOWHERE,
    "/fr/accounts/login/": (200, 302, 302, 302, 302, 302, 302),
    "/fr/accounts/signup/": (200, 302, 302, 302, 302, 302, 302),
    "/fr/accounts/email/": SIGNED_IN,
    "/fr/accounts/2fa/": SIGNED_IN,
    "/fr/": OPEN,
    "/fr/courses/jur/": OPEN,
    "/fr/courses/jur/module-1/lesson-1/": OPEN,
}


def addresses(resolver: URLResolver, namespace: str = "", route: str = "") -> Iterator[str]:
    """Each address below a resolver by name (`reports:region`), or by route where it has none."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else f"{route}{entry.pattern}"
        elif getattr(entry.urlconf_name, "__name__", "") in GROUPS:
            continue
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            language = str(entry.pattern) == f"{settings.LANGUAGE_CODE}/"
            yield from addresses(entry, inner, route if language else f"{route}{entry.pattern}")


def path_of(address: str, arguments: dict[str, object]) -> str:
    return f"/{address}" if "/" in address else reverse(address, kwargs=arguments)


def differences(expected: dict[Any, int], found: dict[Any, int]) -> dict[Any, str]:
    return {row: f"{found[row]}, not {expected[row]}" for row in expected if found[row] != expected[row]}


@pytest.fixture
def world(regions, site) -> World:
    return make_world(regions, site)


def client_of(world: World, role: str) -> Client:
    client = Client()
    person = world.people[role]
    if person is not None:
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_every_address_is_in_the_table():
    listed = {address for _method, address, _arguments in MATRIX}

    assert sorted(set(addresses(get_resolver()))) == sorted(listed)


def test_groups_are_those_of_packages():
    mounted = set()

    def walk(resolver: URLResolver) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                name = getattr(entry.urlconf_name, "__name__", "")
                mounted.add(name) if name in GROUPS else walk(entry)

    walk(get_resolver())

    assert mounted == set(GROUPS)


@pytest.mark.parametrize("role", ROLES)
def test_answers_are_those_of_the_table(role: str, world: World):
    column = ROLES.index(role)
    client = client_of(world, role)
    expected = {row: statuses[column] for row, statuses in MATRIX.items()}

    found = {}
    for method, address, arguments in MATRIX:
        # Each question is asked of the same world: what an answer changed is undone.
        with transaction.atomic():
            path = path_of(address, world.arguments[arguments] if arguments else {})
            body = world.bodies.get(address, {}) if method == "post" else {}
            as_json = {"content_type": "application/json"} if address == "quizzes:answers" and body else {}
            response = getattr(client, method)(path, body, **as_json)
            found[method, address, arguments] = response.status_code
            transaction.set_rollback(True)

    assert differences(expected, found) == {}


@pytest.mark.parametrize("role", ROLES)
def test_doors_of_the_groups(role: str, world: World):
    column = ROLES.index(role)
    client = client_of(world, role)

    found = {path: client.get(path).status_code for path in DOORS}

    assert differences({path: statuses[column] for path, statuses in DOORS.items()}, found) == {}


def test_outside_the_scope_is_told_like_what_does_not_exist(world: World):
    """Neither status nor text tells a coordinator that somebody else's region or association is there."""
    client = client_of(world, "elsewhere")
    code = world.arguments["region"]["code"]
    hidden = client.get(reverse("reports:region", kwargs={"code": code}))
    absent = client.get(reverse("reports:region", kwargs={"code": "TN-99"}))

    assert (hidden.status_code, absent.status_code) == (404, 404)
    # The pages repeat their own address (in the language switch) and differ in nothing else but the token.
    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub(b"", hidden.content.replace(code.encode(), b"TN-99")) == token.sub(b"", absent.content)


@pytest.mark.parametrize(
    ("role", "changed"), [("coordinator", True), ("elsewhere", False), ("administrator", True)]
)
def test_membership_is_decided_in_its_region_alone(role: str, changed: bool, world: World):
    """The form of the list answers everybody with the list; what it changes depends on the region."""
    membership = Membership.objects.get(pk=world.arguments["membership"]["pk"])

    client_of(world, role).post(
        reverse("accounts:decide_membership"), world.bodies["accounts:decide_membership"]
    )

    membership.refresh_from_db()
    assert (membership.status == MembershipStatus.CONFIRMED) is changed


def test_visitor_is_sent_to_the_sign_in_and_back(world: World):
    response = Client().get(reverse("reports:regions"))

    assert response.headers["Location"] == "/fr/accounts/login/?next=/fr/reports/regions/"
