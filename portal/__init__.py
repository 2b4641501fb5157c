"""The portal. Importing it tells Celery its broker, in every process that may want a job."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
