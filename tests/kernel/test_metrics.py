"""Figures for whoever watches, and for nobody else."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from portal.kernel import audit_anchor, jobs

TOKEN = "sample-metrics-token"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": ""}, {"authorization": "ü"}]
)
def test_z15_without_the_token_there_are_no_metrics(client: Client, headers: dict[str, str]) -> None:
    with override_settings(METRICS_TOKEN=TOKEN):
        refused = client.get("/metrics", headers=headers)
    missing = client.get("/metricz", headers=headers)

    assert (refused.status_code, missing.status_code) == (404, 404)


@pytest.mark.django_db
def test_z15_without_a_token_in_the_settings_nobody_may(client: Client) -> None:
    with override_settings(METRICS_TOKEN=""):
        assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_the_figures_tell_of_requests_jobs_and_the_trail(client: Client) -> None:
    now = timezone.now()
    jobs.enqueue(kind="drill", key="metrics", params={}, requested_by=None, at=now - timedelta(seconds=120))
    audit_anchor.append("head", entry=1, entry_hash="0" * 64, at=now - timedelta(seconds=60))
    client.get("/healthz")

    with override_settings(METRICS_TOKEN=TOKEN):
        text = client.get("/metrics", headers=BEARER).content.decode()

    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(figures['portal_requests_total{method="GET",status="200",view="healthz"}']) >= 1
    assert figures['portal_jobs{state="QUEUED"}'] == "1.0"
    assert 120 <= float(figures["portal_outbox_lag_seconds"]) < 150
    assert 120 <= float(figures['portal_job_lag_seconds{kind="drill"}']) < 150
    assert 60 <= float(figures["portal_audit_verified_age_seconds"]) < 90
    assert figures["portal_database_up"] == "1.0"
    assert float(figures["portal_storage_free_bytes"]) > 0
    settings.AUDIT_ANCHOR.unlink()
