"""What a browser test asks of a draft: what is saved, and whether the page says so."""

import re

from playwright.sync_api import Page, expect

from deployer.domain import draft as drafts
from deployer.models import Deployment


def saved(deployment: Deployment) -> dict:
    deployment.refresh_from_db()
    return drafts.body_of(drafts.loads(deployment.draft))


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d"))
