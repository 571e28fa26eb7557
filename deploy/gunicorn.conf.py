"""The web server: `gunicorn deployer.wsgi --config deploy/gunicorn.conf.py`. What stands on its command line wins."""

import os
import sys

from deployer import logs

bind = "127.0.0.1:8000"  # a proxy that speaks TLS stands before it
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
umask = 0o077
control_socket_disable = True

# Its own messages in the shape of ours; the line of each request is written by the product, with the person's name.
_given = os.environ.get("DEPLOYER_LOG_FORMAT", "").strip().lower()
_form = _given if _given in logs.FORMATS else "text" if sys.stderr.isatty() else "json"
logconfig_dict = logs.configured(_form)
