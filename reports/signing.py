"""The signature of a report: PAdES, with a key that the operator supplies or, in the demo, one of our own making.

The moment of the signature and the identifier of the file follow from the report, so that the same report signed
again with the same RSA key is the same file, byte by byte. pyHanko lives here and nowhere else.
"""

import asyncio
import hashlib
import io
import os
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FIELD = "Seal"
BITS, YEARS = 3072, 10
TRIAL = Path("signing", "trial.p12")  # below var


def sign(path: Path, *, at: datetime, reason: str) -> bool:
    """Sign the PDF in its place, as of `at`; False when there is no key, and the file stays as it is."""
    signer = key()
    if signer is None:
        return False
    content = path.read_bytes()
    path.write_bytes(asyncio.run(_signed(content, signer, at=at.astimezone(UTC).replace(microsecond=0), reason=reason)))
    return True


async def _signed(content: bytes, signer: Any, *, at: datetime, reason: str) -> bytes:
    from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

    class Writer(IncrementalPdfFileWriter):
        """Names the file by its content, not by chance and the clock."""

        @classmethod
        def _handle_id(cls, prev: Any) -> Any:
            first, _second = prev.trailer["/ID"]
            return ArrayObject([first, ByteStringObject(hashlib.sha256(content).digest()[:16])])

        def _update_meta(self) -> None:
            """The description of the document stays as it was written."""

    writer = Writer(io.BytesIO(content))
    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason,
        name=str(settings.CITY["bureau"]),
    )  # fmt: skip
    session = PdfSigner(meta, signer=signer).init_signing_session(writer)
    session.system_time = at
    validation = await session.perform_presign_validation(writer)
    room = await session.estimate_signature_container_size(validation, tight=False)
    prepared = session.prepare_tbs_document(validation, bytes_reserved=room)
    target = io.BytesIO()
    digest, output = prepared.digest_tbs_document(output=target)
    done = await prepared.perform_signature(
        document_digest=digest.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at)
    )
    await done.post_signature_processing(output)
    return target.getvalue()


# --- the key -----------------------------------------------------------------------------------
@cache
def key() -> Any | None:
    """Whoever signs, read once a process; None where reports go without a signature. Raises ImproperlyConfigured."""
    from pyhanko.sign.signers import SimpleSigner

    password = settings.REPORT_SIGNING_PASSWORD.encode() or None
    if settings.REPORT_SIGNING_KEY:
        return _opened(SimpleSigner, Path(settings.REPORT_SIGNING_KEY), password)
    return _opened(SimpleSigner, trial_key(settings.VAR / TRIAL), None) if settings.DEMO else None


def _opened(signers: Any, path: Path, password: bytes | None) -> Any:
    try:
        return signers.load_pkcs12_data(path.read_bytes(), other_certs=[], passphrase=password)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"REPORT_SIGNING_KEY: {path} cannot be opened: {error}") from error


def trial_key(path: Path) -> Path:
    """A key for a trial, made when it is first needed; its certificate says that nobody vouches for it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(self_made(name="Trial key, vouched for by nobody"))
        if not path.exists():
            os.replace(file.name, path)  # noqa: PTH105 - whoever comes second leaves the first one's
        Path(file.name).unlink(missing_ok=True)
    return path


def self_made(*, name: str, password: bytes | None = None) -> bytes:
    """An RSA key with a certificate that it signed itself, as PKCS #12."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(name.encode(), private, certificate, None, lock)
