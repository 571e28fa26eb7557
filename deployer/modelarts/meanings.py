"""What the cloud's error codes mean to a person, keyed on code *and* HTTP status, since numbers repeat.

Source: ModelArts API reference, appendix "Error Codes" (2025), and the gateway's codes (APIG, APIGW). What a service
says when it is called (4206, 4302, 4503) is no trouble of a deployment and stands elsewhere.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """One row of the table: the path it concerns, what happened, what to do."""

    field: str | None
    meaning: str
    do: str
    in_message: bool = False  # The cloud's own text names the field.
    rivals: tuple[str, ...] = ()  # Fields that are meant instead of `field` when the cloud's text names one of them.


_PLACES = ("src_path", "dest_path")
_ARGUMENT = Meaning(
    None, "The cloud does not accept a value of the request.", "Its own words name the place.", in_message=True
)
_WORKSPACE = Meaning("workspace_id", "This workspace does not exist or is not usable.", "Choose another workspace.")
_QUOTA = Meaning(None, "The quota is used up.", "Delete what is not needed, or ask for a higher quota.")
_PROJECT = Meaning(None, "The login is not for this project.", "Check project id and region of the target.")
# A signature counts for 15 minutes around its time: API signing guide.
_LOGIN = Meaning(
    None,
    "The cloud does not accept our login.",
    "Check user, domain, project and keys of the target, and the clock of this machine.",
)
_DENIED = Meaning(None, "The target's user lacks the permission for this.", "Ask the account's administrator for it.")
_AGENCY = Meaning(None, "ModelArts may not act for this account yet.", "Set up its agency in the ModelArts console.")
_NO_MODEL = Meaning("config", "A model of this service does not exist.", "Choose another model or version.")
_TOO_MANY = Meaning(
    None,
    "There are as many services as the account may have. Stopped and failed ones count.",
    "Delete one, or ask for a higher quota.",
)
_PATH = Meaning(
    "config[0].src_path", "The OBS path cannot be used.", "Check bucket, folder and spelling.", rivals=_PLACES
)
_OBS = Meaning(
    "config[0].src_path",
    "OBS refused access to the data.",
    "Check the path and the agency of ModelArts.",
    rivals=_PLACES,
)
_RESOURCES = Meaning(
    "config", "There is no room left for this specification.", "Choose another specification, or try again later."
)
_MODEL_RIGHTS = Meaning("config", "A model is not bought, or its licence ended.", "Choose another model.")
_HALF = "It may have done half of it, so the service is looked for before anything is sent again."
_LATER = "Wait a little. The service is looked for before anything is sent again."
_EDGE = Meaning(None, "An edge node cannot be used.", "Look at the node in the console.")

_TABLE: dict[tuple[str, int], Meaning] = {
    **{(code, 400): _ARGUMENT for code in ("0101", "0104", "0107", "3610", "1120")},
    **{(code, 400): _WORKSPACE for code in ("0102", "7005", "7004")},
    ("0010", 500): Meaning(None, "ModelArts has a fault inside.", _HALF),
    ("0118", 400): _QUOTA,
    ("0204", 400): _PROJECT,
    ("0210", 400): _PROJECT,
    **{(code, 401): _LOGIN for code in ("0201", "0202", "0203", "0205", "0206", "0208")},
    **{(code, 401): _PROJECT for code in ("0207", "0212")},
    ("0112", 401): _DENIED,
    ("0112", 403): _DENIED,
    ("0108", 403): _DENIED,
    ("0203", 403): _LOGIN,
    ("0206", 403): _LOGIN,
    ("0210", 403): _PROJECT,
    ("0428", 401): _AGENCY,
    ("3001", 404): _NO_MODEL,
    ("3507", 404): _NO_MODEL,
    ("3506", 500): Meaning("config", "ModelArts could not read a model.", _LATER),
    ("3579", 500): Meaning("config", "ModelArts could not look up a model.", _LATER),
    ("3501", 500): Meaning(None, "ModelArts could not deploy the service.", _HALF),
    ("3504", 500): Meaning(None, "ModelArts could not delete the service.", _HALF),
    ("3505", 500): Meaning(None, "ModelArts could not change or show the service.", _HALF),
    ("3508", 500): Meaning(None, "ModelArts could not measure the service.", "It is asked again later."),
    ("3502", 404): Meaning(None, "This service does not exist in the cloud.", "It may have been deleted there."),
    ("3503", 409): Meaning(
        "service_name", "A service with this name exists already.", "Open it, or choose another name."
    ),
    ("3514", 400): Meaning(
        "config", "The model declares no input, which batch needs.", "Choose a model with input parameters."
    ),
    ("3515", 400): Meaning("config", "A model is still being published.", "Wait until it is, then send again."),
    ("3516", 400): Meaning("config", "The same model version stands twice.", "Keep one of them."),
    ("3518", 400): Meaning(None, "A service ModelArts depends on is not enabled.", "Enable it in the console."),
    ("3519", 400): Meaning(
        None, "The service cannot be changed in its present state.", "Wait until it has come to rest."
    ),
    **{(code, 400): _TOO_MANY for code in ("3520", "3521", "3522")},
    ("3525", 400): Meaning(None, "This is a shared service.", "Only its owner can change it."),
    ("3540", 400): Meaning(None, "This service belongs to somebody else.", "Only its owner can change it."),
    ("3529", 400): Meaning("config", "A model is not part of the service.", "Choose one that is."),
    ("3534", 400): Meaning(
        "security_group_id",
        "The security group does not let TCP 8080 in from 0.0.0.0/0.",
        "Add that inbound rule, or choose another group.",
    ),
    ("3547", 400): Meaning(
        "cluster_id", "This pool does not exist.", "Choose another pool.", rivals=("cluster_id", "pool_name")
    ),
    **{(code, 400): _PATH for code in ("3551", "3572", "3573", "3574")},
    **{(code, 400): _OBS for code in ("3567", "3568")},
    ("3561", 400): Meaning(
        "config", "The quota of nodes is used up.", "Ask for fewer instances, or for a higher quota."
    ),
    ("3578", 400): _QUOTA,
    ("3562", 400): Meaning("schedule", "The time of the auto-stop is over already.", "Choose a later one."),
    ("3580", 400): _MODEL_RIGHTS,
    ("3593", 400): _MODEL_RIGHTS,
    ("3589", 400): Meaning(
        "infer_type", "A model cannot be deployed as this type.", "Choose another model, or the other type."
    ),
    ("3592", 400): Meaning("config", "A model's health check is not valid.", "Correct it in the model."),
    ("3594", 400): _EDGE,
    ("3598", 400): _EDGE,
    ("3611", 400): Meaning(None, "The log of this batch run is missing.", "Run it again."),
    ("3822", 400): Meaning(None, "This batch task does not exist.", "It may have been deleted."),
    ("3612", 400): Meaning(None, "The cloud could not prepare the service.", "Send it again later."),
    ("3613", 400): Meaning(None, "The cloud could not register the service's address.", "Send it again later."),
    ("3856", 400): Meaning(
        "config",
        "No more services may use the free specification.",
        "Choose another, or delete a service.",
    ),
    ("3857", 400): Meaning("config", "The free instances are used up.", "Choose another specification."),
    ("3952", 400): _RESOURCES,
    ("3976", 400): _RESOURCES,
    ("3953", 400): Meaning(None, "Something still uses this service.", "Take it out there first."),
    **{(f"{gate}.0301", 401): _LOGIN for gate in ("APIG", "APIGW")},
    **{
        ("APIG.0101", status): Meaning(None, "The endpoint does not know this call.", "Check the target's endpoint.")
        for status in (400, 404)
    },
}


def meaning_of(code: str, status: int) -> Meaning | None:
    """The row of the table for an error code as it came (`ModelArts.3503`) and its HTTP status, or None."""
    return _TABLE.get((code.removeprefix("ModelArts."), status))
