"""Addresses. Log-in and health stand outside the pages; everything else is in `web/urls.py`."""

from allauth.account import views as account
from django.urls import include, path

from deployer.web import health

urlpatterns = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("deployer.web.urls")),
]

handler400 = "deployer.web.handlers.bad_request"
handler403 = "deployer.web.handlers.forbidden"
handler404 = "deployer.web.handlers.not_found"
handler500 = "deployer.web.handlers.broken"
