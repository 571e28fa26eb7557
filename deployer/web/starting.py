"""Beginning a draft: empty, from a pasted request, or as a copy of an earlier deployment."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from deployer.domain import draft as drafts
from deployer.domain import formats
from deployer.domain.problems import BLOCK, Problem
from deployer.domain.reading import Unreadable
from deployer.models import Deployment, Person, Target
from deployer.web import numbers
from deployer.workflow import drafting, permissions
from deployer.workflow.errors import NotAllowed

TYPES = ("real-time", "batch")
STARTS = (*TYPES, "copy", "json")
MOST_BYTES = 5_000_000
COMMON_NAMES = {"curl": "a curl command. Its headers were left aside", "hcl": "a Terraform block"}
AROUND = 2  # lines shown before and after a broken one
WIDEST = 160


@dataclass
class Start:
    """What somebody chose and typed on the page where drafts begin, and what is wrong with it."""

    targets: list[Target]
    target: str = ""
    kind: str = ""
    of: str = ""
    body: str = ""
    here: str = "compose-new"  # the address the form posts to
    problems: list[Problem] = field(default_factory=list)
    where: list[dict[str, Any]] = field(default_factory=list)

    def at(self, path: str) -> list[Problem]:
        return [problem for problem in self.problems if problem.path == path]

    @property
    def chosen(self) -> Target | None:
        return next((target for target in self.targets if target.name == self.target), None)

    def refuse(self, path: str, words: str) -> None:
        self.problems.append(Problem(path, BLOCK, words))

    # The places of the page, for its template.
    @property
    def at_target(self) -> list[Problem]:
        return self.at("target")

    @property
    def at_kind(self) -> list[Problem]:
        return self.at("infer_type")

    @property
    def at_body(self) -> list[Problem]:
        return self.at("body")

    @property
    def at_of(self) -> list[Problem]:
        return self.at("of")

    @property
    def summary(self) -> list[dict[str, str]]:
        return [{"message": one.message, "anchor": ANCHORS.get(one.path, "")} for one in self.problems]


ANCHORS = {"target": "target-0", "infer_type": "start-0", "body": "body", "of": "of"}


def must_write(person: Person) -> None:
    """Raise NotAllowed unless this person writes deployments at all."""
    why = permissions.edit_refusal(person, Deployment())
    if why:
        raise NotAllowed(why)


def begin(request: HttpRequest, kind: str | None = None, here: str = "compose-new") -> HttpResponse:
    """GET shows the page, POST makes the draft and leads to its composer. `kind` is fixed on the import page."""
    must_write(request.user)
    start = Start(list(Target.objects.order_by("name")), here=here)
    if request.method != "POST":
        start.target = request.GET.get("target", "") or (start.targets[0].name if len(start.targets) == 1 else "")
        start.kind = kind or request.GET.get("start", "real-time")
        start.of = request.GET.get("of", "")
        return show(request, start)
    start.target = request.POST.get("target", "")
    start.kind = kind or request.POST.get("infer_type", "")
    start.of, start.body = request.POST.get("of", ""), request.POST.get("body", "")
    made = make(request, start)
    return redirect("compose-page", made.pk) if made else show(request, start, status=422)


def show(request: HttpRequest, start: Start, status: int = 200) -> HttpResponse:
    mine = Deployment.objects.filter(author=request.user, state="draft").select_related("target").defer("draft")
    context = {"start": start, "mine": mine.order_by("-number")[:4]}
    return render(request, "compose/new.html", context, status=status)


def make(request: HttpRequest, start: Start) -> Deployment | None:
    """The draft, or None with the problems noted."""
    if start.chosen is None:
        named = f"There is no target {start.target[:64]}." if start.target else "Choose where to deploy."
        start.refuse("target", named)
    if start.kind not in STARTS:
        start.refuse("infer_type", "Choose what to start from: real-time or batch, a copy, or a request.")
        return None
    if start.kind == "json":
        return imported(request, start)
    if start.kind == "copy":
        return copied(request, start)
    return drafting.begin(start.chosen, start.kind, by=request.user) if start.chosen else None


def imported(request: HttpRequest, start: Start) -> Deployment | None:
    text = text_of(request, start)
    try:
        if start.chosen is None:
            return None
        found = formats.read(text)
        made = drafting.create(start.chosen, drafts.from_body(found.body), by=request.user, action="imported")
    except Unreadable as refused:
        start.refuse("body", refused.message)
        if refused.line is not None:
            start.where = lines_around(start.body, refused.line)
    except drafts.TooMuch as refused:
        start.refuse("body", refused.message)
    else:
        tell(request, found)
        return made
    return None


def tell(request: HttpRequest, found: formats.Read) -> None:
    """What the draft's page says of a request that did not come as JSON: one notice, however much there is."""
    if found.format in COMMON_NAMES:
        said = " ".join([f"Read from {COMMON_NAMES[found.format]}.", *found.notes])
        messages.add_message(request, messages.WARNING if found.notes else messages.INFO, said)


def text_of(request: HttpRequest, start: Start) -> str | bytes:
    """The uploaded file if there is one, else what was pasted; a file's text is shown in the page as well."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or not upload.size:
        return start.body
    content = upload.read(MOST_BYTES + 1)
    start.body = content[:MOST_BYTES].decode("utf-8", "replace") if len(content) <= MOST_BYTES else start.body
    return content


def copied(request: HttpRequest, start: Start) -> Deployment | None:
    number = start.of.strip()
    source = Deployment.objects.filter(pk=numbers.whole(number)).first()
    if source is None:
        start.refuse("of", f"There is no deployment {number[:40]}." if number else "Say which deployment to copy.")
    if source is None or start.chosen is None:
        return None
    doc = drafts.loads(source.draft)
    return drafting.create(start.chosen, doc, by=request.user, action="copied", copied_from=source)


def lines_around(text: str, line: int) -> list[dict[str, Any]]:
    """A few lines around a broken one, for eyes; long lines are cut."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = max(1, line - AROUND)
    return [
        {"number": number, "text": lines[number - 1][:WIDEST], "broken": number == line}
        for number in range(first, min(len(lines), line + AROUND) + 1)
    ]
