from django.urls import path

from courses.certificates.views import archives, badges, holder, offline, renewing, sharing, verifying

app_name = "certificates"
urlpatterns = [
    path("verify/", verifying.verify, name="verify"),
    path("verify/file/", verifying.verify_file, name="verify_file"),
    path("verify/offline/", offline.offline, name="verify_offline"),
    path("verify/worker.js", offline.worker, name="verify_worker"),
    path("verify/keys.json", offline.keys, name="qr_keys"),
    path("verify/<str:serial>.json", verifying.verify_json, name="verify_json"),
    path("verify/<str:serial>/", verifying.verify_serial, name="verify_serial"),
    path("verify/<str:serial>/name/<str:token>/", verifying.verify_name, name="verify_name"),
    path("certificates/archives/", archives.archives, name="archives"),
    path(
        "certificates/archives/<uuid:archive_uuid>/download/",
        archives.download_archive,
        name="download_archive",
    ),
    path(
        "certificates/archives/<uuid:archive_uuid>/delete/", archives.discard_archive, name="discard_archive"
    ),
    path("certificates/<uuid:certificate_uuid>/", holder.certificate, name="certificate"),
    path("certificates/<uuid:certificate_uuid>/download/", holder.download, name="download"),
    path("certificates/<uuid:certificate_uuid>/badge.json", badges.download, name="badge"),
    path("certificates/<uuid:certificate_uuid>/correct/", renewing.correct_own, name="correct"),
    path("certificates/<uuid:certificate_uuid>/again/", renewing.start_again, name="follow_again"),
    path("certificates/<uuid:certificate_uuid>/association/", sharing.association, name="show_association"),
    path("certificates/<uuid:certificate_uuid>/name-links/", sharing.make_name_link, name="make_name_link"),
    path(
        "certificates/<uuid:certificate_uuid>/name-links/<int:link_id>/end/",
        sharing.end_link,
        name="end_name_link",
    ),
]
