"""The web server of bin/up and of the containers; the address to listen on comes from whoever starts it."""

from typing import Any

from django.urls import get_resolver

wsgi_app = "portal.wsgi:application"
preload_app = True
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
accesslog = "-"
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Import every view once, before the workers are forked: half the time to the first answer, and shared memory."""
    server.log.info("%d addresses", len(get_resolver().url_patterns))
