"""The form of a move: what the page showed, and what the person says to it."""

from typing import Any

from django import forms

from deployer.domain.problems import BLOCK, Problem

UNSEEN = "The form did not say which version it shows. Load the page again."
LONGEST = 4000  # characters of a comment


class Comment(forms.CharField):
    """Free text. A browser posts each line end as two characters and counts it as one; so do we."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class MoveForm(forms.Form):
    """What the page showed, and what the person says to it."""

    seen = forms.IntegerField(
        min_value=0,
        error_messages={"required": UNSEEN, "invalid": UNSEEN, "min_value": UNSEEN},
    )
    comment = Comment(
        required=False,
        max_length=LONGEST,
        error_messages={
            "max_length": "The comment has %(show_value)d characters. At most 4,000 fit.",
            "null_characters_not_allowed": "The comment holds a character that cannot be stored.",
        },
    )

    def problems(self) -> list[Problem]:
        return [Problem(name, BLOCK, message) for name, found in self.errors.items() for message in found]
