"""The life of a service, computed from when its runs began: no thread moves it.

A run is one deployment of a configuration: created, started again, or updated. Its moments follow
from its beginning, so that asking costs nothing and every asker hears the same.
How to ask for trouble: a model id that contains `fail`, `concern` or `stuck`, or the environment
variable SANDBOX_FATE with one of these words, decides the fate of a run; so do the models of the
catalog whose description says so.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .catalog import MODELS_BY_ID

DEPLOY_MS = 20_000  # from deploying to running
FAIL_MS = 12_000  # from deploying to failed
BATCH_MS = 20_000  # from running to finished
CONCERN_MS = 30_000  # from running to concerning

FATES = ("fail", "concern", "stuck")
UNIT_MS = {"MINUTES": 60_000, "HOURS": 3_600_000, "DAYS": 86_400_000}
FAILURE = "The model failed to start: the container exited before it listened on port 8080."

# The phases of a deployment: ModelArts user manual, Viewing Service Events.
PHASES = (
    (0, "Start to deploy the service."),
    (2_000, "Building the image is complete."),
    (5_000, "Preparing the environment is complete."),
    (8_000, "Scheduling resources is complete."),
    (11_000, "Pulling the model image is complete."),
    (15_000, "Starting the model."),
)

Run = dict[str, Any]  # began, ended, due (life ms or None), replaced, config, before (to roll back to), fate


class Moment(NamedTuple):
    """From `at` (life ms) on, the service has this status."""

    at: int
    status: str


def new_run(config: list[dict[str, Any]], now: int, schedule: list[dict[str, Any]], before: Any = None) -> Run:
    return {
        "began": now,
        "ended": None,
        "replaced": False,
        "due": due(schedule, now),
        "config": config,
        "before": before,
        "fate": fate_of(config),
    }


def due(schedule: list[dict[str, Any]], now: int) -> int | None:
    """When auto-stop comes: start plus duration. Of several entries the first one counts."""
    return now + schedule[0]["duration"] * UNIT_MS[schedule[0]["time_unit"]] if schedule else None


def fate_of(config: list[dict[str, Any]]) -> str:
    for entry in config:
        model = MODELS_BY_ID.get(entry["model_id"])
        asked = (entry.get("envs") or {}).get("SANDBOX_FATE", "")
        for fate in FATES:
            if fate == asked or (model is None and fate in entry["model_id"]) or (model and model.fate == fate):
                return fate
    return ""


def _course(run: Run, infer_type: str) -> list[Moment]:
    """How the run would go if nobody stopped it."""
    began = run["began"]
    course = [Moment(began, "deploying")]
    if run["fate"] == "stuck":
        return course
    if run["fate"] == "fail":
        # A failed update rolls back to what ran before; a failed first deployment stays failed.
        return [*course, Moment(began + FAIL_MS, "running" if run["before"] else "failed")]
    course.append(Moment(began + DEPLOY_MS, "running"))
    if infer_type == "batch":
        course.append(Moment(began + DEPLOY_MS + BATCH_MS, "finished"))
    elif run["fate"] == "concern":
        course.append(Moment(began + DEPLOY_MS + CONCERN_MS, "concerning"))
    return course


def moments(run: Run, infer_type: str) -> list[Moment]:
    """The whole run, cut where it was stopped, replaced by the next, or its time was due."""
    course = _course(run, infer_type)
    ends = [at for at in (run["ended"], run["due"]) if at is not None]
    if not ends:
        return course
    end = min(ends)
    cut = [moment for moment in course if moment.at < end] or course[:1]
    replaced = run["replaced"] and end == run["ended"]
    if replaced or cut[-1].status in ("failed", "finished"):
        return cut
    return [*cut, Moment(max(end, cut[-1].at), "stopped")]


def status(run: Run, infer_type: str, now: int) -> str:
    return [moment.status for moment in moments(run, infer_type) if moment.at <= now][-1]


def progress(run: Run, now: int) -> int:
    """Percent of the deployment that is done, 0 to 99 while it is under way."""
    reach = {"stuck": 40, "fail": 60}.get(run["fate"], 99)
    done: int = (now - run["began"]) * 100 // DEPLOY_MS
    return min(reach, done)


def rolled_back(run: Run, now: int) -> bool:
    """Has a failed update put the earlier configuration back?"""
    return bool(run["before"]) and run["fate"] == "fail" and now >= run["began"] + FAIL_MS


def result(run: Run, infer_type: str, now: int) -> str:
    """RUNNING, SUCCESS or FAIL, for the log of updates."""
    if run["fate"] == "fail" and now >= run["began"] + FAIL_MS:
        return "FAIL"
    return "RUNNING" if status(run, infer_type, now) == "deploying" else "SUCCESS"


def events(run: Run, infer_type: str, now: int) -> list[tuple[int, str, str]]:
    """What happened in the run up to now: (life ms, normal or abnormal, words), oldest first."""
    course = moments(run, infer_type)
    began, after = run["began"], course[1:]
    reach = began + (PHASES[3][0] if run["fate"] == "stuck" else DEPLOY_MS)
    cut = min([reach + 1, *(moment.at for moment in after), run["ended"] or reach + 1])
    found = [(began + wait, "normal", words) for wait, words in PHASES if began + wait < max(cut, began + 1)]
    for moment in after:
        if run["fate"] == "fail" and moment.at == began + FAIL_MS:
            found.append((moment.at, "abnormal", FAILURE))
        found.append((moment.at, *_words(run, moment, infer_type)))
    return [event for event in found if event[0] <= now]


def _words(run: Run, moment: Moment, infer_type: str) -> tuple[str, str]:
    if moment.status == "failed":
        return "abnormal", "The service failed."
    if moment.status == "concerning":
        return "abnormal", "An instance of the model is not ready."
    if moment.status == "finished":
        return "normal", "The batch job is complete."
    if moment.status == "stopped":
        by_clock = run["due"] == moment.at and run["ended"] is None
        return "normal", "The service stopped: auto stop time expires." if by_clock else "The service stopped."
    if run["fate"] == "fail":
        return "normal", "The update was rolled back. The earlier configuration runs."
    return "normal", "The service is running." if infer_type == "real-time" else "The batch job is running."
