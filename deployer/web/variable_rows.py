"""The rows of environment variables as HTML: the one part of the page there may be thousands of.

A template draws 4,000 of them in a second, this in a twentieth of it; each value is escaped by format_html. Their
labels are the heads of the two columns, and a name of their own for those who do not see the columns.
"""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from deployer.web.controls import Control
from deployer.web.row_view import RowView, VariableView
from deployer.web.tags import icon

ROW = """<div class="variable"><input type="hidden" name="{prefix}-envs-{index}-id" value="{id}"><div class="env-row">\
<input class="control mono" id="{key}" name="{key}" type="text" value="{name}" spellcheck="false" autocomplete="off" \
aria-label="Name of variable {number}, model {row}" aria-describedby="{key}-problems"{key_wrong}>\
<textarea class="control mono env-value" id="{value}" name="{value}" rows="1" spellcheck="false" autocomplete="off" \
aria-label="Value of variable {number}, model {row}">
{text}</textarea>\
<button class="icon-button" name="remove-variable" value="{row_id}-{id}" formaction="{url}" \
aria-label="Remove variable {number}, model {row}">{bin}</button></div>\
<div class="problem-list" id="{key}-problems">{problems}</div>{as_text}</div>
"""
AS_TEXT = """<button class="text-button" name="as_text" value="{}" formaction="{}">Use the value as text</button>"""


def variable_rows(row: RowView, url: str) -> SafeString:
    """Every variable of one model. `url` is where the buttons post to."""
    bin_icon = icon("trash-2")
    return format_html_join("", "{}", ((one_row(one, row, url, bin_icon),) for one in row.variables))


def one_row(one: VariableView, row: RowView, url: str, bin_icon: SafeString) -> SafeString:
    return format_html(
        ROW,
        prefix=row.prefix,
        index=one.index,
        id=one.id,
        key=one.key.id,
        name=one.key.text,
        key_wrong=wrong(one.key),
        value=one.value.id,
        text=one.value.text,
        number=one.number,
        row=row.number,
        row_id=row.id,
        url=url,
        bin=bin_icon,
        problems=said(one.key.problems),
        as_text=format_html(AS_TEXT, one.value.id, url) if one.value.odd else "",
    )


def wrong(control: Control) -> SafeString:
    return format_html(' aria-invalid="{}"', "true") if control.wrong else SafeString()


def said(problems: Iterable[object]) -> SafeString:
    parts = [(render_to_string("shared/_problem.html", {"problem": problem}),) for problem in problems]
    return format_html_join("", "{}", parts)
