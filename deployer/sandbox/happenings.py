"""What the events of a service tell, computed from its runs as its status is."""

from __future__ import annotations

from .lives import (
    COMING,
    DEPLOY_MS,
    PHASES,
    RETRIES,
    RETRY_MS,
    Moment,
    Run,
    failed,
    failure,
    moments,
)

Event = tuple[int, str, str]  # life ms, normal or abnormal, words


def events(run: Run, infer_type: str, now: int) -> list[Event]:
    """What happened in the run up to now, oldest first."""
    course = moments(run, infer_type)
    after = [moment for moment in course if moment.status not in COMING]
    cut = min((moment.at for moment in after), default=now + 1)
    if run["ended"] is not None:
        cut = min(cut, run["ended"])
    found = [event for event in _deployment(run, course) if event[0] < max(cut, run["began"] + 1)]
    for moment in after:
        if moment.at <= now and failed(run, now) and moment is after[0]:
            found.append((moment.at, "abnormal", failure(run)))
        found.append((moment.at, *_words(run, moment, infer_type)))
    return [event for event in found if event[0] <= now]


def _deployment(run: Run, course: list[Moment]) -> list[Event]:
    """The way to its first status that is none of coming: queueing, phases, attempts."""
    began = run["began"]
    if run["fate"] == "waiting":
        tries = [
            (began + number * RETRY_MS, "abnormal", f"Resources are insufficient. Retry {number} of {RETRIES}.")
            for number in range(1, RETRIES + 1)
        ]
        return [(began, "normal", PHASES[0][1]), *tries]
    found: list[Event] = []
    if course[0].status == "pending":
        found.append((began, "normal", "The service is pending: it waits for its turn."))
    deploying = [moment.at for moment in course if moment.status == "deploying"]
    reach = PHASES[3][0] if run["fate"] == "stuck" else DEPLOY_MS
    for start in deploying:
        found += [(start + wait, "normal", words) for wait, words in PHASES if wait <= reach]
    return found


def _words(run: Run, moment: Moment, infer_type: str) -> tuple[str, str]:
    if moment.status in ("stopping", "stopped"):
        by_clock = run["due"] == moment.at and run["ended"] is None
        return "normal", _stop_words(moment.status, by_clock)
    if moment.status == "failed":
        return "abnormal", "The service failed."
    if moment.status == "concerning":
        return "abnormal", "An instance of the model is not ready."
    if moment.status == "finished":
        return "normal", "The batch job is complete."
    if failed(run, moment.at):
        return "normal", "The update was rolled back. The earlier configuration runs."
    return "normal", "The service is running." if infer_type == "real-time" else "The batch job is running."


def _stop_words(status: str, by_clock: bool) -> str:
    if status == "stopping":
        return "Stopping the service."
    return "The service stopped: auto stop time expires." if by_clock else "The service stopped."
