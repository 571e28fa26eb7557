"""What a year of deployments is made of: models, names, people, sentences."""

PEOPLE = {
    "dora": "Dora Lind",
    "emil": "Emil Vogt",
    "farah": "Farah Aziz",
    "georg": "Georg Blum",
    "hanna": "Hanna Ek",
    "ivo": "Ivo Petrov",
}
"""People of the past: they have left, and cannot log in."""

MODELS = {
    "sentiment": [
        "0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0",
        "91c27f3a-52d8-4f7e-b1a4-6de3c08f5521",
        "e5d0a9b2-17c4-4c19-8a0e-3f1b7742cc9d",
    ],
    "ticket-router": ["3f0a77b1-9c52-4d0e-8b3a-6d5e1f2c4a90", "8be24d19-0e7f-4a63-a5d8-c1b90f7e3322"],
    "layout": [
        "52e8b0f6-9d31-47a4-8c0b-f7163ad9e25c",
        "a97c3e05-1b84-4fd2-b6c9-2e80f5d7136a",
        "d41b7e92-63f5-4c8a-8e17-905ab3c2f6d8",
    ],
    "ticket-score": ["6f2d81c0-4a7b-4e0d-9d35-b1c6a0f7e214"],
    "fraud-watch": ["1c90d7a3-e852-4b6f-a0d4-83f2b95e7c16"],
    "invoice-reader": ["b38f6a21-07ce-4d95-9e42-6ac1d80f53b7"],
    "image-tagger": ["2e71c8d6-b5a0-4f39-9c84-1fd603e7ab95", "c6093ba4-8ed2-4715-a3f0-5b9d7c21e68f"],
}
PLACES = ("", "-eu", "-canary", "-shadow", "-support", "-claims", "-nordics", "-trial", "-night", "-retail")
BATCH = ("nightly-scores", "weekly-letters", "archive-tags", "month-end", "backfill", "audit-sample")
WEIGHTS = {1: [(100,)], 2: [(70, 30), (90, 10), (50, 50), (80, 20), (95, 5)], 3: [(50, 30, 20), (80, 15, 5)]}
SPECIFICATIONS = ("modelarts.vm.cpu.2u", "modelarts.vm.cpu.2u", "modelarts.vm.cpu.8u", "modelarts.vm.gpu.p4")
VARIABLES = {
    "MODEL_TIMEOUT": ("30", "60", "120"),
    "LOG_LEVEL": ("info", "warning"),
    "BATCH_SIZE": ("8", "16", "32"),
    "LANGUAGES": ("de,en", "de,en,fr"),
    "FEATURE_SET": ("2025-11", "2026-03", "2026-08"),
}
DESCRIPTIONS = (
    "",
    "",
    "Weekly refresh of the model",
    "First share of traffic for the new version",
    "More instances for the autumn campaign",
    "Back to the version of last week",
    "Trial for the claims team, stops by itself",
)
ASKING = ("", "", "Offline figures are in the ticket.", "Same as last week, new version.", "For Thursday's release.")
APPROVING = ("", "", "", "Looks right.", "Fine, watch the error rate.", "Figures checked.")
CHANGES = (
    "Start with a smaller share.",
    "Two instances are too few for the evening.",
    "The timeout is still the old one.",
    "Leave the auto-stop on for a trial.",
)
REJECTING = ("This model is not released for customers.", "The pool is needed elsewhere this month.")
WITHDRAWING = ("", "Not needed any more.", "Goes out with the next one.")
REFUSALS = (
    (409, "ModelArts.3503", "service_name", "A service of this name exists already. Open it, or choose another name."),
    (400, "ModelArts.3520", "", "There are as many services as the account may have. Delete one, or ask for more."),
    (400, "ModelArts.3976", "config", "There is no room left for this specification. Choose another one."),
    (400, "ModelArts.3515", "config", "A model is still being published. Wait until it is, then send again."),
)
LOST = "No answer came back. We do not know yet whether the service was created, so it is looked for by name."
QUIET = "No service of this name and content showed for 10 min. It most likely was not created."
FAILURE = "The model failed to start: the container exited before it listened on port 8080."
