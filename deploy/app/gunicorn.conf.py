"""gunicorn for app.py: `gunicorn -c gunicorn.conf.py`. One process, so that a server's
faults are one set; more servers are more processes. The proxy's idle timeout towards
the pool must stay below `keepalive`."""

import os
from pathlib import Path

wsgi_app = "app:create_app()"
chdir = str(Path(__file__).parent)
bind = os.environ.get("APP_BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = 1
threads = int(os.environ.get("APP_THREADS", "8"))
worker_connections = 1000
keepalive = int(os.environ.get("APP_KEEPALIVE_SECONDS", "2"))
timeout = 120
graceful_timeout = int(os.environ.get("APP_GRACEFUL_SECONDS", "30"))
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
loglevel = os.environ.get("APP_LOG_LEVEL", "info")
