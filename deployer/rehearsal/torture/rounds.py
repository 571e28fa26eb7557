"""Rounds of torture: jobs are submitted, faults are sprinkled, workers are killed, and the cloud's truth is judged."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deployer.models import Submission, Target
from deployer.rehearsal.drill import APPROVERS, AUTHOR, play, player
from deployer.rehearsal.torture import judge
from deployer.rehearsal.torture.cloud import Doors
from deployer.rehearsal.torture.hands import Hands
from deployer.workflow import submission as hands_on
from deployer.workflow import targets

TOKEN_MARK = "MIISandbox"  # noqa: S105 - how every token of the sandbox begins; its word for it is its own

CREATE, LIST, LOGIN = "POST /v1/*/services", "GET /v1/*/services", "POST /v3/auth/tokens"
# Late and hidden effects show well before the quiet period is over: who sends again after it takes the risk knowingly.
QUIET = 8
DELAYS = ("delayed", "hang-after", "504-late", "504-hidden")
AT_ONCE = ("reset-after", "reset-before", "504-after", "500-before", "no-id", "truncated", "429", "503", "401")
CALM_EVERY = 20  # rounds
PATIENCE = 90.0  # seconds until nothing moves any more: a lease, the quiet period, and a minute (I4)


@dataclass
class Tally:
    """What happened."""

    rounds: int = 0
    jobs: int = 0
    kills: int = 0
    calm_seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


class Torture:
    """One run, whose every choice comes of `seed`. `say` tells how it goes."""

    def __init__(self, seed: int, doors: Doors, hands: Hands, say: Callable[[str], None]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - repeats a run, guards nothing
        self.doors, self.hands, self.say = doors, hands, say
        self.tally = Tally()
        self.cast = {name: player(name) for name in (AUTHOR, *APPROVERS, "olga")}
        self.target = place_at(doors.url)

    def run(self, *, rounds: int, seconds: float) -> Tally:
        """So many rounds, or until the time is up; ends early at the first violation."""
        ends_at = time.monotonic() + seconds
        while self.tally.rounds < rounds and time.monotonic() < ends_at and not self.tally.violations:
            self.round()
            if self.tally.rounds % CALM_EVERY == 0:
                self.calm()
        if not self.tally.violations:
            self.calm()
        self.tally.outcomes.update(Submission.objects.values_list("outcome", flat=True))
        return self.tally

    def round(self) -> None:
        self.tally.rounds += 1
        self.sprinkle()
        for number in range(self.chance.randint(2, 6)):
            name = f"torture-{self.tally.rounds:05}-{number}"
            play(self.target, name, self.cast, lambda pk, worker: False)
            self.tally.jobs += 1
            time.sleep(self.chance.uniform(0.0, 0.2))
        time.sleep(self.chance.uniform(0.0, 1.5))
        self.hands.kill_some(self.chance)
        self.tally.kills = self.hands.kills

    def sprinkle(self) -> None:
        """Some answers are late, so that workers are killed between effect and record; some calls go wrong."""
        orders = [(self.chance.choice(DELAYS), CREATE) for _ in range(self.chance.randint(0, 3))]
        orders += [(self.chance.choice(AT_ONCE), CREATE) for _ in range(self.chance.randint(0, 1))]
        if self.chance.random() < 0.2:
            orders.append(("503", self.chance.choice((LIST, LOGIN))))
        for fault, match in orders:
            seconds = self.chance.uniform(0.2, 1.5)
            self.doors.door("faults", {"match": match, "fault": fault, "times": 1, "seconds": round(seconds, 2)})

    def calm(self) -> None:
        """Nothing goes wrong any more: everything must come to an end. Then it is judged."""
        self.doors.door("mend", {})
        began = time.monotonic()
        while (moving := judge.still_moving([self.target.pk])) and time.monotonic() - began < PATIENCE:
            self.decide()
            time.sleep(0.25)
        self.tally.calm_seconds.append(time.monotonic() - began)
        deeds = {self.target.pk: self.doors.deeds()}
        found = [f"I4 {row.service_name}: still {row.outcome} ({row.reason})" for row in moving]
        found += judge.judged(deeds)
        found += judge.leaks([TOKEN_MARK], self.hands.folder.glob("*.log"))
        found += [f"a worker ended by itself with {status}" for status in self.hands.fallen()]
        self.tally.violations += found
        self.say(
            f"{self.tally.rounds} rounds, {self.tally.kills} kills, {self.tally.jobs} jobs, {len(found)} violations"
        )

    def decide(self) -> None:
        """What waits for a person is sent again, or given up, by an operator."""
        for row in Submission.objects.open().filter(needs_person=True).select_related("deployment"):
            offers = hands_on.hands_on(self.cast["olga"], row)
            may = [name for name in ("send_again", "give_up") if offers.get(name) == ""]
            if may:
                name = self.chance.choice(may)
                comment = "It was looked for and not found."
                hands_on.by_hand(row.deployment, name, seen=row.pk, by=self.cast["olga"], comment=comment)


def place_at(url: str) -> Target:
    kept = targets.save(
        "torture", endpoint=url, iam_endpoint=url, project_id="5a0d80b5c0de4c0fa11ab1e5eed00001", region="region-1",
        project_name="region-1", username="demo", domain_name="demo", secret="demo",  # noqa: S106 - of the sandbox
        approvals=1, quiet_seconds=QUIET,
    )  # fmt: skip
    return kept.target


def keep_evidence(folder: Path, torture: Torture) -> None:
    """What somebody needs to see what went wrong."""
    import json

    evidence = judge.as_evidence({torture.target.pk: torture.doors.deeds()})
    evidence["violations"] = torture.tally.violations
    (folder / "evidence.json").write_text(json.dumps(evidence, indent=1))
