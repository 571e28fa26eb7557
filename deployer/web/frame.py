"""What every page's frame shows: who is here, and how many reviews wait."""

from django.utils.functional import SimpleLazyObject

from deployer.models import Deployment
from deployer.web import in_flight


def frame(request) -> dict:
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"person": None, "reviews_waiting": 0, "sendings_stuck": 0, "theme": theme(request)}
    waiting = SimpleLazyObject(lambda: Deployment.objects.awaiting_review_by(person).count())
    stuck = SimpleLazyObject(in_flight.stuck)
    return {"person": person, "reviews_waiting": waiting, "sendings_stuck": stuck, "theme": theme(request)}


def theme(request) -> str:
    """The theme the reader chose, so that the first paint is right; empty follows the system."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""
