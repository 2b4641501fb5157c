"""Static files with hashed names."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashes the imports of our own ES modules only: the general switch trips over vendored files."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # noqa: SLF001
    )

    def create_compressor(self, **options: Any) -> Any:
        """Only gzip: brotli would save a fifth of the bytes and add half a minute to every set-up."""
        return super().create_compressor(use_brotli=False, **options)
