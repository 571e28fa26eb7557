"""The form of a move: what the page showed, and what the person says to it."""

import re
from typing import Any

from django import forms

from deployer.domain.problems import BLOCK, Problem
from deployer.web.moments import MomentField

UNSEEN = "The form did not say which version it shows. Load the page again."
LONGEST = 4000  # characters of a comment


class Comment(forms.CharField):
    """Free text. A browser posts each line end as two characters and counts it as one; so do we."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class Number(forms.IntegerField):
    """A whole number in ASCII digits, as DESIGN.md has numbers; `int` would take those of every script."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value and not re.fullmatch(r"[0-9]{1,40}", value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class MoveForm(forms.Form):
    """What the page showed, and what the person says to it."""

    seen = Number(
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


class TimedForm(MoveForm):
    """A move that is done at a time: `at` as typed, on the clock that the page showed."""

    at = MomentField()

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["at"].zone = data.get("at_zone", "")


class HandForm(MoveForm):
    """A decision about what is in the line; `seen` is the key of the submission."""

    service_id = forms.CharField(
        required=False,
        max_length=200,
        error_messages={
            "max_length": "This is no id of a service: it is too long.",
            "null_characters_not_allowed": "The id holds a character that cannot be stored.",
        },
    )

    @classmethod
    def posted(cls, post: Any) -> "HandForm":
        """The service is one of those offered, or typed beside them."""
        typed = post.get("service_id_typed", "").strip()
        return cls(
            {
                "seen": post.get("submission", post.get("seen")),
                "comment": post.get("comment"),
                "service_id": typed or post.get("service_id"),
            }
        )
