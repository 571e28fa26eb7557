"""Curl commands as people paste them: from manuals, from a browser, from their own scripts."""

from typing import Any

import pytest

from deployer.domain.formats import read
from deployer.domain.reading import Unreadable

URL = "https://modelarts.example.com/v1/0a1b/services"
BODY = {"service_name": "mnist", "config": [{"weight": "100"}]}
TEXT = '{"service_name": "mnist", "config": [{"weight": "100"}]}'
SECRET = "MIIEvsecret-of-somebody"

READ = [
    f"curl -X POST {URL} -H 'Content-Type: application/json' -d '{TEXT}'",
    f"$ curl {URL} --data '{TEXT}'",
    f"  curl.exe {URL} --data-raw '{TEXT}'",
    f"curl {URL} --data-binary '{TEXT}'",
    f"curl --json '{TEXT}' --url {URL}",
    f"curl -sS -XPOST {URL} -d'{TEXT}'",
    f"curl -sSd '{TEXT}' {URL} | jq .service_id",
    f"curl {URL} \\\n  -H 'X-Auth-Token: {SECRET}' \\\n  -d '{TEXT}' > answer.json 2>&1",
    f"curl {URL} \\\r\n  -d '{TEXT}'\r\n",
    f"# how we do it\n\nexport TOKEN={SECRET}\ncurl {URL} -H \"X-Auth-Token: $TOKEN\" -d '{TEXT}'; echo done",
    f"TOKEN={SECRET} sudo curl {URL} -u 'me:{SECRET}' -b 'session={SECRET}' -d '{TEXT}' && echo done",
    f"curl {URL} -H \"X-Auth-Token: $(openstack token issue -f value -c id)\" -d '{TEXT}'",
    f"curl {URL} -H \"X-Auth-Token: `cat token`\" -d '{TEXT}'",
    f"curl {URL} -d @- <<'EOF'\n{TEXT}\nEOF\n",
    f"curl {URL} -d @- <<EOF\n{TEXT}\nEOF",
    f"curl {URL} -d @/dev/stdin <<< '{TEXT}'",
    f"curl {URL} -d \"$(cat <<'EOF'\n{TEXT}\nEOF\n)\"",
    f"curl {URL} -d $'" + r"""{\n"service_name": "\u006d\x6eist", "config": [{"weight": "100"}]}'""",
    'curl {} -d "{}"'.format(URL, TEXT.replace('"', '\\"')),
    f'curl {URL} --json \'{{"service_name": "mnist",\' --json \'"config": [{{"weight": "100"}}]}}\'',
    f"curl -H 'Content-Type: application/json' -m 30 --retry 3 --cacert ca.pem -k --compressed {URL} -d '{TEXT}'",
    "\ufeff" + f"curl {URL} -d '{TEXT}'",
]


@pytest.mark.parametrize("text", READ)
def test_a_command_gives_its_body(text: str) -> None:
    found = read(text)
    assert (found.body, found.format, found.notes) == (BODY, "curl", ())
    assert read(text.encode()) == found


REFUSED = [
    (f"curl {URL}", 1, 1, "this command sends no body: --data is missing."),
    (f"curl {URL} -d", 1, 53, "-d has no text behind it."),
    (
        f"curl {URL} -d @body.json",
        1,
        56,
        "the body is in the file body.json, which is not here. Paste the text of that",
    ),
    (f"cat x | curl {URL}", 1, 1, "a value is wanted here, not cat."),
    (f"curl {URL} -d @-", 1, 56, "the body comes from another command or file. Paste its text instead."),
    (f"curl {URL} -T body.json", 1, 53, "-T sends a file. Paste the text of that file instead."),
    (f"curl {URL} -F a=b", 1, 53, "-F sends a form."),
    (f"curl {URL} --data-urlencode 'a=b'", 1, 53, "--data-urlencode rewrites the text it sends."),
    (f'curl {URL} ^\n -d "{{}}"', 1, 53, "this is written for the Windows command prompt (cmd)."),
    (f'curl ^"{URL}^" -d "x"', 1, 6, "this is written for the Windows command prompt (cmd)."),
    (f"curl {URL} `\n -d '{{}}'", 1, 53, "this is written for the Windows PowerShell."),
    (f"curl {URL} -d '{{}}", 1, 56, "this quote is not closed."),
    (f"curl {URL} \\ \n -d '{{}}'", 1, 54, "a blank stands after the backslash that ends the line. Take it out."),
    ("curl -d @- <<EOF\n{}\n", 1, 17, "this here-document does not end: its last line is missing."),
    ("curl -d '{}' a\ncurl -d '{}' b", 2, 1, "the text has 2 curl commands. Paste the one that creates the service."),
    ('curl -d "$(jq . x.json)"', 1, 10, "a command of the shell stands here. Put what it prints in its place."),
    ("curl -d '[1]'", 1, 9, "The request must be a JSON object"),
    ("curl -d ''", 1, 9, "there is no text."),
    ("curl -d 'a=b'", 1, 10, "a value is wanted here, not a."),
    ("curl -d '{}' -d '{}'", 1, 17, '"&" stands after the end of the JSON.'),
    ('curl \\\n  -d \'{\n "a": 1\n "b": 2}\'', 4, 2, 'a comma is missing before "b".'),
    ('curl -d "{\\"a\\": 1 \\"b\\": 2}"', 1, 21, 'a comma is missing before "b".'),
    ('curl -d $\'{\\n"a": 1 "b"}\'', 1, 21, 'a comma is missing before "b".'),
    ('curl -d @- <<\'E\'\n{"a": 1,\n "a": 2}\nE', 3, 2, '"a" stands twice. Keep one.'),
    ('curl -d "$(cat <<\'E\'\n{"a": 1,\n "a": 2}\nE\n)"', 3, 2, '"a" stands twice. Keep one.'),
    ("curl -d '{\"a\": NaN}'", 1, 16, "NaN is not a number in JSON."),
    ('curl -d $\'{"a": "\\u0000"}\'', 1, 18, "the character NUL is not allowed."),
    ("curl -d $'\\xff'", 1, 11, "these bytes are not UTF-8."),
    ('curl -d \'{"a": ' + "[" * 60 + "'", 1, 65, "nested more than 50 deep."),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSED)
def test_what_cannot_be_read_is_refused_by_place(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(text)
    assert refusal.value.message.startswith(f"Line {line}, column {column}: {words}")
    assert (refusal.value.line, refusal.value.column) == (line, column)


def test_the_path_of_a_refused_value_is_kept() -> None:
    with pytest.raises(Unreadable) as refusal:
        read('curl -d \'{"config": [{"weight": NaN}]}\'')
    assert refusal.value.path == "config[0].weight"


NOTED: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        f"curl {URL} -d " + '"{\\"a\\": \\"$MODEL_ID\\", \\"b\\": \\"${X:-old} $MODEL_ID\\"}"',
        {"a": "$MODEL_ID", "b": "${X:-old} $MODEL_ID"},
        ["Variables of the shell stay in the text as they are: $MODEL_ID, $X. Put their values in."],
    ),
    (f'curl {URL} -d @- <<EOF\n{{"a": "$A"}}\nEOF', {"a": "$A"}, ["Variables of the shell stay"]),
    (f'curl {URL} -d \'{{"a": "$A"}}\'', {"a": "$A"}, []),
    (f"curl -X PUT {URL} -d '{{}}'", {}, ["The command is a PUT. A create is a POST, so only its body was taken."]),
    (f"curl -G {URL} -d '{{}}'", {}, ["The command is a GET."]),
    (f"curl {URL}/1f2e -d '{{}}'", {}, ["The command is not for /v1/{project_id}/services, so only its body was"]),
    ("curl -d '{}'", {}, ["The command is not for /v1/{project_id}/services"]),
    ('curl "$ENDPOINT/v1/$PROJECT_ID/services" -d "{}"', {}, []),
]


@pytest.mark.parametrize(("text", "body", "notes"), NOTED)
def test_what_a_person_should_know_is_noted(text: str, body: dict[str, Any], notes: list[str]) -> None:
    found = read(text)
    assert found.body == body
    assert len(found.notes) == len(notes)
    for said, wanted in zip(found.notes, notes, strict=True):
        assert said.startswith(wanted)


@pytest.mark.parametrize(
    "text",
    [
        f"curl -X {SECRET} https://{SECRET}@x/{SECRET} -H 'X-Auth-Token: {SECRET}' -d '{{}}'",
        f'curl --oauth2-bearer {SECRET} -d "{{\\"a\\": \\"${{T:-{SECRET}}}\\"}}" x',
        f"curl -u me:{SECRET} --unheard-of {SECRET} -d '{{}}'",
    ],
)
def test_no_note_holds_a_credential(text: str) -> None:
    assert not any(SECRET in note for note in read(text).notes)


@pytest.mark.parametrize(
    "text",
    [
        f"curl -H 'X-Auth-Token: {SECRET}' x",
        f"curl -H 'X-Auth-Token: {SECRET}' -d '{{' x",
        f"curl -H 'X-Auth-Token: {SECRET} -d x",
        f"curl -H 'X-Auth-Token: {SECRET}' -d @f\ncurl -H '{SECRET}'",
    ],
)
def test_no_refusal_holds_a_credential(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(text)
    assert SECRET not in refusal.value.message
