"""The life of a service, computed from when its runs began: no thread moves it.

A run is one deployment of a configuration: created, started again, or updated. Its moments follow
from its beginning, so that asking costs nothing and every asker hears the same.
How to ask for trouble: a model id that contains `fail`, `concern`, `stuck`, `waiting` or `pending`, or
the environment variable SANDBOX_FATE with one of these words, decides the fate of a run; so do the
models of the catalog whose description says so, and the door `/_sandbox/fates`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .catalog import model_of

DEPLOY_MS = 20_000  # from deploying to running
FAIL_MS = 12_000  # from deploying to failed
BATCH_MS = 20_000  # from running to finished
CONCERN_MS = 30_000  # from running to concerning
PEND_MS = 10_000  # from pending to deploying
RETRY_MS = 10_000  # between two attempts of a service that waits for resources
RETRIES = 3  # ModelArts user manual: the deployment is tried three times more, then it fails

FATES = ("fail", "concern", "stuck", "waiting", "pending")
COMING = ("deploying", "waiting", "pending")
LIVELY = (*COMING, "running", "concerning")  # In these an auto-stop still lies ahead.
UNIT_MS = {"MINUTES": 60_000, "HOURS": 3_600_000, "DAYS": 86_400_000}
FAILURES = {
    "fail": "The model failed to start: the container exited before it listened on port 8080.",
    "waiting": "The deployment failed: resources insufficient. Choose another flavor or try again later.",
    "stuck": "The deployment timed out.",
}

# The phases of a deployment: ModelArts user manual, Viewing Service Events.
PHASES = (
    (0, "Start to deploy the service."),
    (2_000, "Building the image is complete."),
    (5_000, "Preparing the environment is complete."),
    (8_000, "Scheduling resources is complete."),
    (11_000, "Pulling the model image is complete."),
    (15_000, "Starting the model."),
)

# began, ended, due (life ms or None), replaced, config, before (to roll back to), fate,
# timeout (ms or None), stopping (ms that a stop takes)
Run = dict[str, Any]


class Moment(NamedTuple):
    """From `at` (life ms) on, the service has this status."""

    at: int
    status: str


def new_run(
    config: list[dict[str, Any]], now: int, schedule: list[dict[str, Any]], before: Any = None, fate: str = ""
) -> Run:
    return {
        "began": now,
        "ended": None,
        "replaced": False,
        "due": due(schedule, now),
        "config": config,
        "before": before,
        "fate": fate or fate_of(config),
        "timeout": _timeout(config),
        "stopping": 0,
    }


def due(schedule: list[dict[str, Any]], now: int) -> int | None:
    """When auto-stop comes: start plus duration. Of several entries the first one counts."""
    return now + schedule[0]["duration"] * UNIT_MS[schedule[0]["time_unit"]] if schedule else None


def fate_of(config: list[dict[str, Any]]) -> str:
    for entry in config:
        model = model_of(entry["model_id"])
        asked = (entry.get("envs") or {}).get("SANDBOX_FATE", "")
        for fate in FATES:
            if fate == asked or (model is None and fate in entry["model_id"]) or (model and model.fate == fate):
                return fate
    return ""


def _timeout(config: list[dict[str, Any]]) -> int | None:
    """The shortest deploy_timeout_in_seconds of the models, in ms: OTC 2025, CreateService."""
    given = [entry.get("more", {}).get("deploy_timeout_in_seconds") for entry in config]
    return min((seconds * 1000 for seconds in given if isinstance(seconds, int)), default=None)


def _deploys_at(run: Run) -> int:
    wait = PEND_MS if run["fate"] == "pending" else 0
    began: int = run["began"]
    return began + wait


def _fails_at(run: Run) -> int | None:
    """When the run fails if nobody stops it before."""
    if run["fate"] == "fail":
        return _deploys_at(run) + FAIL_MS
    if run["fate"] == "waiting":
        return _deploys_at(run) + (RETRIES + 1) * RETRY_MS
    if run["fate"] == "stuck" and run.get("timeout"):
        return _deploys_at(run) + int(run["timeout"])
    return None


def _course(run: Run, infer_type: str) -> list[Moment]:
    """How the run would go if nobody stopped it."""
    began, fails = _deploys_at(run), _fails_at(run)
    course = [Moment(began, "waiting" if run["fate"] == "waiting" else "deploying")]
    if run["fate"] == "pending":
        course.insert(0, Moment(run["began"], "pending"))
    if fails is not None:
        # A failed update rolls back to what ran before; a failed first deployment stays failed.
        return [*course, Moment(fails, "running" if run["before"] else "failed")]
    if run["fate"] == "stuck":
        return course
    course.append(Moment(began + DEPLOY_MS, "running"))
    if infer_type == "batch":
        course.append(Moment(began + DEPLOY_MS + BATCH_MS, "finished"))
    elif run["fate"] == "concern":
        course.append(Moment(began + DEPLOY_MS + CONCERN_MS, "concerning"))
    return course


def _cut_at(run: Run) -> int | None:
    """When a person, the next run or the clock ends it."""
    return min((at for at in (run["ended"], run["due"]) if at is not None), default=None)


def moments(run: Run, infer_type: str) -> list[Moment]:
    """The whole run, cut where it was stopped, replaced by the next, or its time was due."""
    course, end = _course(run, infer_type), _cut_at(run)
    if end is None:
        return course
    cut = [moment for moment in course if moment.at < end] or course[:1]
    by_hand = end == run["ended"]
    if (run["replaced"] and by_hand) or cut[-1].status in ("failed", "finished"):
        return cut
    end = max(end, cut[-1].at)
    pause = run.get("stopping", 0) if by_hand else 0
    stopping = [Moment(end, "stopping")] if pause else []
    return [*cut, *stopping, Moment(end + pause, "stopped")]


def status(run: Run, infer_type: str, now: int) -> str:
    return [moment.status for moment in moments(run, infer_type) if moment.at <= now][-1]


def progress(run: Run, now: int) -> int:
    """Percent of the deployment that is done, 0 to 99 while it is under way."""
    reach = {"stuck": 40, "fail": 60}.get(run["fate"], 99)
    done: int = (now - _deploys_at(run)) * 100 // DEPLOY_MS
    return max(0, min(reach, done))


def failed(run: Run, now: int) -> bool:
    """Has the deployment come to its bad end?"""
    fails, end = _fails_at(run), _cut_at(run)
    return fails is not None and now >= fails and (end is None or fails < end)


def failure(run: Run) -> str:
    """Why it failed, for error_msg and the events."""
    return FAILURES.get(run["fate"], FAILURES["fail"])


def rolled_back(run: Run, now: int) -> bool:
    """Has a failed update put the earlier configuration back?"""
    return bool(run["before"]) and failed(run, now)


def result(run: Run, infer_type: str, now: int) -> str:
    """RUNNING, SUCCESS or FAIL, for the log of updates."""
    if failed(run, now):
        return "FAIL"
    return "RUNNING" if status(run, infer_type, now) in COMING else "SUCCESS"
