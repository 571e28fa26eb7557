"""How logging is set up, for the settings and for gunicorn's own messages."""

import logging
import sys
import threading
from typing import Any

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")


def configured(form: str, level: str = "info") -> dict[str, Any]:
    """A configuration for `logging.config.dictConfig`: everything to standard error, one shape for all."""
    shape = {"json": "deployer.logs.shapes.Json", "text": "deployer.logs.shapes.Text"}[form]
    ours = level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"shape": {"()": shape}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "shape"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "deployer": {"level": ours},
            "django_tasks": {"level": "WARNING"},
            # Without its own handlers, which mail whole requests. A page not found is told by the line of its request.
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": ["stderr"], "level": ours, "propagate": False},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},  # ours knows more
        },
    }


def catch_all() -> None:
    """What nobody caught ends as a record too, not as a bare stack with its words unmasked."""
    log = logging.getLogger("deployer")

    def broke(kind: type[BaseException], error: BaseException, stack: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, stack)
            return
        log.critical("The process ends: nobody caught this.", exc_info=(kind, error, stack))

    def thread_broke(facts: threading.ExceptHookArgs) -> None:
        if facts.exc_value is not None:
            log.critical("A thread ends: nobody caught this.", exc_info=facts.exc_value)

    sys.excepthook, threading.excepthook = broke, thread_broke
