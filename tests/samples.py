"""Small files that are what they claim to be, for tests that upload something."""

import io
import zipfile

from openpyxl import Workbook
from PIL import Image

PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF\n"
)


def pdf(catalog: bytes = b"", *objects: bytes) -> bytes:
    """A page, additions to the catalog, and further objects numbered from 4; readers do without the xref."""
    body = [b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R" + catalog + b">>endobj"]
    body.append(b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj")
    body.append(b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj")
    body += [b"%d 0 obj" % number + content + b"endobj" for number, content in enumerate(objects, 4)]
    return b"\n".join([*body, b"trailer<</Root 1 0 R>>", b"%%EOF", b""])


def package(*extra: tuple[str, bytes], folder: str = "word/") -> bytes:
    """The least that passes for a DOCX (or with "xl/" for an XLSX), and further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [("[Content_Types].xml", b"<Types/>"), (f"{folder}document.xml", b"<x/>"), *extra]:
            archive.writestr(name, content)
    return out.getvalue()


def xlsx() -> bytes:
    """An empty workbook as openpyxl writes it."""
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def picture(form: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    """A plain PNG or JPEG."""
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else None).save(out, form, **options)
    return out.getvalue()
