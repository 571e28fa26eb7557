"""The models of the sandbox's catalog: what each is called, takes in, and how its deployments end.

Ids of the documents' samples are all here, published and fit for both types. So are the models of the
product's drawings, a dozen others for people who come to play, and one for every way a model can be
unfit to be deployed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

BOTH = ("real-time", "batch")


@dataclass(frozen=True)
class Model:
    """One version of one model. `inputs` maps each input parameter to its type."""

    model_id: str
    name: str
    version: str
    description: str
    status: str = "published"
    kind: str = "TensorFlow"
    install: tuple[str, ...] = BOTH
    inputs: dict[str, str] = field(default_factory=lambda: {"images": "file"})
    schema: dict[str, Any] | None = None  # of the request, where `inputs` alone cannot say it
    uri: str = "/"
    fate: str = ""  # one of lives.FATES: how its deployments end
    flaw: str = ""  # expired, unpaid or unhealthy: published, and refused all the same
    workspace: str = "0"
    word: str = "real-time"  # how its detail spells it: one sample of the documents says realtime


_SCORES = {"age": "integer", "amount": "number", "channel": "string", "repeat": "boolean", "score": "number"}
_TEXT = {"text": "string"}
_CART = {"customer": "object", "items": "array"}
_CART_SCHEMA = {
    "type": "object",
    "properties": {
        "customer": {
            "type": "object",
            "properties": {"id": {"type": "string"}, "age": {"type": "integer"}, "loyal": {"type": "boolean"}},
        },
        "items": {
            "type": "array",
            "items": [
                {
                    "type": "object",
                    "properties": {
                        "article": {"type": "string"},
                        "price": {"type": "number"},
                        "tags": {"type": "array", "items": [{"type": "string"}]},
                    },
                }
            ],
        },
    },
}
_INPUTS5 = {f"input{number}": "number" for number in (5, 4, 3, 2, 1)}

# Newest first, as the list answers by default. The first one is published and fit for real-time.
MODELS = [
    Model("e5d0a9b2-17c4-4c19-8a0e-3f1b7742cc9d", "sentiment", "5.0.0", "Tone of customer letters", inputs=_TEXT),
    Model("91c27f3a-52d8-4f7e-b1a4-6de3c08f5521", "sentiment", "4.2.0", "Tone of customer letters", inputs=_TEXT),
    Model("0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0", "sentiment", "4.1.3", "Tone of customer letters", inputs=_TEXT),
    Model(
        "8be24d19-0e7f-4a63-a5d8-c1b90f7e3322", "ticket-router", "2.4.1", "Finds the team for a ticket", inputs=_TEXT
    ),
    Model(
        "3f0a77b1-9c52-4d0e-8b3a-6d5e1f2c4a90", "ticket-router", "2.3.0", "Finds the team for a ticket", inputs=_TEXT
    ),
    Model("6f2d81c0-4a7b-4e0d-9d35-b1c6a0f7e214", "ticket-score", "1.4.0", "Urgency of a ticket", inputs=_SCORES),
    Model("d41b7e92-63f5-4c8a-8e17-905ab3c2f6d8", "layout", "3.2.0", "Regions of a scanned page", kind="PyTorch"),
    Model("a97c3e05-1b84-4fd2-b6c9-2e80f5d7136a", "layout", "3.1.0", "Regions of a scanned page", kind="PyTorch"),
    Model("52e8b0f6-9d31-47a4-8c0b-f7163ad9e25c", "layout", "3.0.1", "Regions of a scanned page", kind="PyTorch"),
    Model(
        "1c90d7a3-e852-4b6f-a0d4-83f2b95e7c16", "fraud-watch", "1.9.0", "Odd payments", inputs=_SCORES, kind="Custom"
    ),
    Model(
        "b38f6a21-07ce-4d95-9e42-6ac1d80f53b7",
        "invoice-reader",
        "2.0.0",
        "Fields of an invoice",
        kind="Image",
        uri="/v1/read",
    ),
    Model("7ad4c519-f26b-4830-b7e1-0c95e3a8d642", "speech-notes", "0.8.2", "Words from calls", install=("real-time",)),
    Model(
        "f05b92e7-3c1d-4a68-85f9-d72e6b04c1a3",
        "stock-forecast",
        "1.0.0",
        "Next week's demand",
        install=("batch",),
        inputs=_SCORES,
    ),
    Model(
        "2e71c8d6-b5a0-4f39-9c84-1fd603e7ab95", "image-tagger", "0.1.0", "Its deployments fail on purpose", fate="fail"
    ),
    Model(
        "c6093ba4-8ed2-4715-a3f0-5b9d7c21e68f",
        "image-tagger",
        "0.2.0",
        "One of its instances falls ill",
        fate="concern",
    ),
    Model(
        "94a5e0d1-7f3c-4b82-8d16-ea07c3f59b24", "draft-writer", "0.3.0", "Still being published", status="publishing"
    ),
    Model("48c2f7b9-05d6-4ea1-b98e-3d6a10f4c752", "nightly-clean", "1.1.0", "Has no input of its own", inputs={}),
    Model(
        "5a1ce7d2-90f4-4b36-8d7e-c2f81b06a943",
        "basket-value",
        "2.2.0",
        "Value of a basket, from nested rows",
        install=("batch",),
        inputs=_CART,
        schema=_CART_SCHEMA,
        uri="/v2/value",
    ),
    Model(
        "e93b60c8-1d57-4fa2-b0e6-74c5d8a1f32e", "contract-scan", "1.0.2", "One document a request", install=("batch",)
    ),
    Model(
        "0d86f1b4-c37a-4e95-a218-5e9b7f60d3c7",
        "chat-tone",
        "1.3.0",
        "Tone of a chat",
        install=("real-time",),
        inputs=_TEXT,
        word="realtime",
    ),
    Model("b7f24e90-6a8d-43c1-95b3-e10d2c7f8a56", "page-turner", "0.0.9", "Its building broke", status="failed"),
    Model("39d0c5a7-e2f6-4817-b4d9-8f6a1e3b0c72", "page-turner", "0.0.10", "Being built", status="building"),
    Model("84c1f7e3-2b90-4d6e-a5f8-d07b93e6124a", "page-turner", "0.0.8", "Its image broke", status="building_failed"),
    Model("f6a83d15-b0c4-4972-8e3f-1a5d7c92e0b8", "leased-eyes", "1.0.0", "Its lease has expired", flaw="expired"),
    Model("2c95e8b1-7d3f-4a06-91ec-b84f6d20a7e3", "market-voice", "1.0.0", "Never paid for", flaw="unpaid"),
    Model("d70b42f9-85e6-4c13-a9d2-63f1e8b57c04", "no-pulse", "1.0.0", "Its health check is wrong", flaw="unhealthy"),
    Model(
        "a48e7c60-f91b-4d25-8b3a-0e6d5f1c9273",
        "sentiment",
        "5.0.0",
        "A copy in another workspace",
        inputs=_TEXT,
        workspace="6f4e1d0c2b3a49588776655443322110",
    ),
    Model("xxxmodel-idxxx", "mnist", "1.0.0", "Handwritten digits", kind="Template"),
    Model("xxxxxx", "mnist", "1.1.0", "Handwritten digits", kind="Template"),
    Model("eb6a4a8c-5713-4a27-b8ed-c7e694499af5", "realtime-demo", "0.0.1", "Sample of the API documents"),
    Model(
        "598b913a-af3e-41ba-a1b5-bf065320f1e2", "xgboost-batch", "0.0.1", "Sample of the API documents", inputs=_INPUTS5
    ),
]

MODELS_BY_ID = {model.model_id: model for model in MODELS}
