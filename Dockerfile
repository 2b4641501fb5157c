# One image for web, worker, beat and the one-time set-up; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /portal
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-cache

FROM python:3.11-slim-bookworm
# Debian's own versions of the release named above; a security fix arrives with the next build.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
       fonts-noto-cjk fonts-noto-cjk-extra gettext libharfbuzz-subset0 libmagic1 libpango-1.0-0 libpangoft2-1.0-0 postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 portal && useradd --uid 10001 --gid 10001 --create-home portal \
    && install --directory --owner portal --group portal /portal /var/lib/portal
WORKDIR /portal
USER 10001:10001
ENV PATH=/portal/.venv/bin:$PATH PYTHONUNBUFFERED=1 PORTAL_VAR=/var/lib/portal
COPY --from=build --chown=portal:portal /portal/.venv .venv
COPY --chown=portal:portal . .
RUN python manage.py compilemessages --ignore .venv --verbosity 0
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
