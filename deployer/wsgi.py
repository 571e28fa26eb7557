"""The web process, for gunicorn: `gunicorn deployer.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deployer.settings")
application = get_wsgi_application()
