"""Every code that can meet us, as the documents list them: its field, its meaning, the way out."""

import pytest

from deployer.modelarts import meanings
from deployer.modelarts.errors import CloudFault, LoginRefused, Refused, field_of
from deployer.modelarts.meanings import meaning_of
from deployer.modelarts.refusals import error_from
from deployer.modelarts.transport import Answer

SRC = "config[0].src_path"
# ModelArts API reference, appendix "Error Codes": codes, HTTP statuses, the field, one word of what we say.
ROWS = [
    ("0101 0104 0107 3610 1120", [400], None, "value"),
    ("0102 7005 7004", [400], "workspace_id", "workspace"),
    ("0118", [400], None, "quota"),
    ("0204 0210", [400], None, "project"),
    ("0201 0202 0203 0205 0206 0208", [401], None, "login"),
    ("0207 0212", [401], None, "project"),
    ("0112", [401, 403], None, "permission"),
    ("0108", [403], None, "permission"),
    ("0203 0206", [403], None, "login"),
    ("0210", [403], None, "project"),
    ("0428", [401], None, "may not act"),
    ("0010", [500], None, "fault"),
    ("3001 3507", [404], "config", "model"),
    ("3506", [500], "config", "model"),
    ("3502", [404], None, "service"),
    ("3503", [409], "service_name", "name"),
    ("3501", [500], None, "deploy"),
    ("3504", [500], None, "delete"),
    ("3505", [500], None, "change"),
    ("3508", [500], None, "measure"),
    ("3579", [500], "config", "model"),
    ("3514", [400], "config", "input"),
    ("3515", [400], "config", "published"),
    ("3516", [400], "config", "twice"),
    ("3518", [400], None, "not enabled"),
    ("3519", [400], None, "state"),
    ("3520 3521 3522", [400], None, "as many"),
    ("3525", [400], None, "shared"),
    ("3540", [400], None, "somebody else"),
    ("3529", [400], "config", "not part"),
    ("3534", [400], "security_group_id", "8080"),
    ("3547", [400], "cluster_id", "pool"),
    ("3551 3572 3573 3574", [400], SRC, "path"),
    ("3567 3568", [400], SRC, "OBS"),
    ("3561", [400], "config", "nodes"),
    ("3578", [400], None, "quota"),
    ("3562", [400], "schedule", "auto-stop"),
    ("3580 3593", [400], "config", "licence"),
    ("3589", [400], "infer_type", "type"),
    ("3592", [400], "config", "health"),
    ("3594 3598", [400], None, "edge"),
    ("3611", [400], None, "log"),
    ("3822", [400], None, "task"),
    ("3612", [400], None, "prepare"),
    ("3613", [400], None, "address"),
    ("3856", [400], "config", "free"),
    ("3857", [400], "config", "free"),
    ("3952 3976", [400], "config", "room"),
    ("3953", [400], None, "uses this service"),
]
CASES = [
    pytest.param(f"ModelArts.{code}", status, field, word, id=f"{code}-{status}")
    for codes, statuses, field, word in ROWS
    for code in codes.split()
    for status in statuses
]


@pytest.mark.parametrize(("code", "status", "field", "word"), CASES)
def test_every_row_of_the_documents_has_its_words(code, status, field, word):
    known = meaning_of(code, status)
    assert known.field == field
    assert word in known.meaning
    for sentence in (known.meaning, known.do):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    # From the wire to a person: the words of the table, in each of the three kinds of error.
    error = error_from(Answer(status, {}, b'{"error_code": "%s", "error_msg": "as it came"}' % code.encode()))
    assert isinstance(error, {401: LoginRefused, 500: CloudFault}.get(status, Refused))
    assert error.for_people() == f"{known.meaning} {known.do}"
    assert "as it came" in error.raw
    assert field_of(error) == (field if isinstance(error, Refused) else None)


def test_the_table_holds_these_rows_and_the_gateways_and_no_other():
    listed = {(case.values[0].removeprefix("ModelArts."), case.values[1]) for case in CASES}
    gateways = {("APIG.0301", 401), ("APIGW.0301", 401), ("APIG.0101", 400), ("APIG.0101", 404)}
    assert set(meanings._TABLE) == listed | gateways


@pytest.mark.parametrize(
    ("code", "status"), [("3100", 400), ("3503", 400), ("0010", 400), ("4302", 400), ("0203", 400), ("", 400)]
)
def test_what_is_not_in_the_documents_is_not_made_up(code, status):
    assert meaning_of(f"ModelArts.{code}", status) is None


CLOSER = [
    ("3551", "OBS path of dest_path does not exist", "config[0].dest_path"),
    ("3551", "src_path is missing", SRC),
    ("3567", "config[0].dest_path: Access Denied", "config[0].dest_path"),
    ("3551", "The description of config is odd", SRC),
    ("3547", "The pool of pool_name does not exist", "pool_name"),
    ("3547", "config[1].cluster_id does not exist", "config[1].cluster_id"),
    ("3547", "The cluster in description does not exist", "cluster_id"),
    ("3515", "config[1].model_id is publishing", "config[1].model_id"),
    ("3516", "service_name has the same version twice", "config"),
    ("0104", "pool_name is odd", "pool_name"),
    ("0104", "duration must be a number", "schedule[0].duration"),
    ("0104", "Invalid parameter deploy_timeout_in_seconds", "config"),
    ("3610", "load_balancer_policy is empty", "load_balancer_policy"),
    ("1120", "additional_properties failed the check", "additional_properties"),
    ("0107", "affinity and pool", "config"),
    ("0101", "my_pool_name_2 is no field", None),
]


@pytest.mark.parametrize(("code", "message", "field"), CLOSER)
def test_the_clouds_own_words_lead_closer(code, message, field):
    assert field_of(Refused(400, f"ModelArts.{code}", message)) == field


def test_unknown_codes_are_shown_as_they_came():
    fault = CloudFault(500, code="ModelArts.4711", cloud_message="odd thing")
    assert "ModelArts.4711: odd thing" in fault.for_people()
    assert "looked for first" in fault.for_people()
    assert "ModelArts.4711" in fault.message
    refused = LoginRefused("401 ModelArts.4711 odd thing", code="ModelArts.4711")
    assert "ModelArts.4711 odd thing" in refused.for_people()
    assert "Unauthorized" not in LoginRefused("401 Unauthorized wrong", code="Unauthorized").for_people()
