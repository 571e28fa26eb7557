"""Why a list could not be read, as a sentence for people. Nothing was to happen there, so less is at stake."""

from deployer.modelarts.errors import CloudFault, LoginFailed, LoginRefused, ModelArtsError, NoAnswer, NotSent, Refused
from deployer.worker.records import OUR_FAULT

FOR_A_CHANGE = ("Nothing was sent to the cloud. ", "We could not log in, so nothing was sent. ")
STAYS_SO = "If it stays so, test the connection on the target's page."


def why_not_read(trouble: Exception) -> str:
    """One or two sentences. Our own faults are told by the log alone: their texts may hold anything."""
    if not isinstance(trouble, ModelArtsError):
        return OUR_FAULT
    if isinstance(trouble, CloudFault) and not 300 <= trouble.status < 400:
        return f"The cloud is in trouble (HTTP {trouble.status}). It is asked again."
    if isinstance(trouble, NoAnswer):
        return "No readable answer came back: it was broken, too large, or too late. It is asked again."
    if isinstance(trouble, Refused) and trouble.status == 404:
        return "The endpoint does not know this list. Look at the target's addresses."
    said = trouble.for_people()
    for words in FOR_A_CHANGE:
        said = said.removeprefix(words)
    return f"We could not log in. {said}" if isinstance(trouble, LoginFailed) else said


def why_not_sent(trouble: ModelArtsError) -> str:
    """Why a create had to wait. A read before it that got no answer took no effect, so there is nothing to look for."""
    if isinstance(trouble, (NoAnswer, CloudFault)):
        return f"Nothing was sent: what is there already is asked for first. {why_not_read(trouble)} {STAYS_SO}"
    return trouble.for_people()


def is_refusal(trouble: Exception) -> bool:
    """Whether asking again soon would only hurt: a person must change something first."""
    return isinstance(trouble, LoginRefused) or (isinstance(trouble, (NotSent, Refused)) and trouble.needs_person)


def concerns_host(trouble: Exception) -> bool:
    """Whether nobody answered, or nobody takes us, so that other lists of the same host would meet the same."""
    if isinstance(trouble, LoginRefused):
        return True
    return isinstance(trouble, (NotSent, NoAnswer)) and trouble.http_status is None
