"""The container files, as far as they can be checked where no engine runs."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LINTER = Path(sys.executable).with_name("hadolint")
PORTAL = ["setup", "web", "worker", "beat"]


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


@pytest.mark.skipif(not LINTER.exists(), reason="hadolint has no build for this machine")
def test_the_linter_finds_nothing() -> None:
    done = subprocess.run([LINTER, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(not which("docker-compose"), reason="docker-compose is not installed")
def test_compose_accepts_the_file() -> None:
    command = ["docker-compose", "--file", ROOT / "docker-compose.yml", "config", "--services"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == ["beat", "db", "redis", "setup", "web", "worker"]


def test_every_stage_names_its_release_and_none_is_root_at_the_end() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)

    assert stages == ["python:3.11-slim-bookworm"] * 2
    assert users[-1] == "10001:10001"


def test_nothing_comes_from_an_address() -> None:
    assert re.findall(r"https?://|^ADD |curl|wget", DOCKERFILE, re.MULTILINE) == []


def test_the_image_and_the_scripts_install_the_same_uv_and_libraries() -> None:
    script = (ROOT / "bin" / "_lib.sh").read_text()
    wanted = re.search(r"^UV_VERSION=(.+)$", script, re.MULTILINE)
    listed = re.search(r"^PACKAGES=\((.*?)^\)", script, re.MULTILINE | re.DOTALL)
    image = re.search(r"--no-install-recommends \\\n(.*?)\\\n", DOCKERFILE, re.DOTALL)
    assert None not in (wanted, listed, image)

    services = {"python3", "python3-venv", "postgresql", "redis-server"}  # the base image and containers of their own
    assert re.findall(r"uv==(\S+)", DOCKERFILE) == [wanted[1]]
    clients = {"postgresql-client"}  # pg_dump and pg_restore; on one machine they come with the server
    assert set(image[1].split()) == set(re.sub("#.*", "", listed[1]).split()) - services | clients


def test_the_services_are_those_of_the_portal(services: dict[str, dict[str, Any]]) -> None:
    assert sorted(services) == sorted(["db", "redis", *PORTAL])
    assert [services[name]["image"] for name in PORTAL] == ["chuanglian:local"] * 4
    assert [name for name in services if "healthcheck" not in services[name]] == ["setup"]


def test_only_the_web_server_is_reached_and_only_from_this_machine(services: dict[str, dict[str, Any]]) -> None:
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_runs_before_the_database_has_its_shape(services: dict[str, dict[str, Any]], name: str) -> None:
    assert services[name]["depends_on"] == {
        "db": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "setup": {"condition": "service_completed_successfully"},
    }


def test_the_example_environment_covers_what_compose_reads() -> None:
    read = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert sorted(read - given) == []
