"""The pages. Reading is GET, changing is POST; names are subject-verb. All need a role."""

from django.urls import URLPattern, path

from deployer.web import (
    audit,
    carrying,
    cloud_events,
    compare,
    compose,
    deployment,
    freezes,
    history,
    imports,
    in_flight,
    looking,
    moves,
    overview,
    pickers,
    preflight,
    preview,
    reviews,
    rows,
    services,
    target_asks,
    target_edit,
    targets,
    twins,
)
from deployer.web.access import look


def page(address: str, view, name: str) -> URLPattern:
    return path(address, look(view), name=name)


urlpatterns = [
    page("", overview.page, "overview"),
    # Deployments, all of them
    page("deployments/", history.page, "history-list"),
    page("deployments/export.csv", history.export_csv, "history-csv"),
    page("deployments/export.json", history.export_json, "history-json"),
    # Beginning one
    page("deployments/new/", compose.new, "compose-new"),
    page("deployments/import/", imports.page, "compose-import"),
    # Writing one
    page("deployments/<int:number>/edit/", compose.page, "compose-page"),
    page("deployments/<int:number>/edit/rows/", rows.change, "compose-rows"),
    page("deployments/<int:number>/edit/check/", preview.check, "compose-check"),
    page("deployments/<int:number>/pick/definition/", pickers.definition, "compose-definition"),
    page("deployments/<int:number>/pick/<str:kind>/", pickers.choices, "compose-pick"),
    page("deployments/<int:number>/pick/<str:kind>/refresh/", pickers.refresh, "compose-pick-refresh"),
    page("deployments/<int:number>/payload.json", preview.payload, "deployment-payload"),
    page("deployments/<int:number>/export/<slug:format>", carrying.export, "deployment-export"),
    # One deployment
    page("deployments/<int:number>/", deployment.page, "deployment-page"),
    page("deployments/<int:number>/status/", deployment.status, "deployment-status"),
    page("deployments/<int:number>/events/", cloud_events.of_deployment, "deployment-cloud-events"),
    page("deployments/<int:number>/timeline/", deployment.timeline, "deployment-timeline"),
    page("deployments/<int:number>/copy/", deployment.copy, "deployment-copy"),
    page("deployments/<int:number>/compare/<int:other>/", compare.page, "deployment-compare"),
    page("deployments/compare/", compare.choose, "deployment-compare-two"),
    page("deployments/<int:number>/preflight/", preflight.page, "deployment-preflight"),
    page("deployments/<int:number>/versions/<int:version>/", deployment.version, "deployment-version"),
    # Moves of one deployment
    page("deployments/<int:number>/ask-review/", moves.ask_review, "review-ask"),
    page("deployments/<int:number>/approve/", moves.approve, "review-approve"),
    page("deployments/<int:number>/request-changes/", moves.request_changes, "review-request-changes"),
    page("deployments/<int:number>/reject/", moves.reject, "review-reject"),
    page("deployments/<int:number>/withdraw/", moves.withdraw, "review-withdraw"),
    page("deployments/<int:number>/submit/", moves.submit, "submission-submit"),
    page("deployments/<int:number>/cancel/", moves.cancel, "submission-cancel"),
    page("deployments/<int:number>/send-again/", moves.send_again, "submission-send-again"),
    page("deployments/<int:number>/give-up/", moves.give_up, "submission-give-up"),
    page("deployments/<int:number>/settle-as/", moves.settle_as, "submission-settle-as"),
    page("deployments/<int:number>/decide/", moves.decide, "submission-decide"),
    page("deployments/<int:number>/reschedule/", moves.reschedule, "submission-reschedule"),
    # What is on its way
    page("sending/", in_flight.page, "in-flight"),
    page("sending/freeze/", freezes.begin, "freeze-begin"),
    page("sending/freezes/<int:key>/lift/", freezes.lift, "freeze-lift"),
    # Places
    page("reviews/", reviews.page, "review-list"),
    page("services/", services.page, "service-list"),
    page("services/<str:service_id>/", services.one, "service-page"),
    page("services/<str:service_id>/refresh/", looking.refresh, "service-refresh"),
    page("services/<str:service_id>/live/", looking.live, "service-live"),
    page("services/<str:service_id>/events/", cloud_events.page, "service-events"),
    page("services/<str:service_id>/delete/", twins.delete, "service-delete"),
    page("targets/", targets.page, "target-list"),
    page("targets/new/", target_edit.new, "target-new"),
    page("targets/enquiries/<int:key>/", target_asks.enquiry, "target-enquiry"),
    page("targets/<str:name>/", targets.one, "target-page"),
    page("targets/<str:name>/edit/", target_edit.edit, "target-edit"),
    page("targets/<str:name>/test/", target_asks.test, "target-test"),
    page("targets/<str:name>/refresh/", target_asks.refresh, "target-refresh"),
    page("targets/<str:name>/lists/", target_asks.lists, "target-lists"),
    page("audit/", audit.page, "audit-list"),
]
