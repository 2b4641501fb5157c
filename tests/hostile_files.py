"""Uploads made to hurt: mutants of good files, and bombs."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from tests.samples import package, pdf, picture

MB = 1024 * 1024
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
) + b"]><l>&m;</l>"  # fmt: skip
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'


# --- good ones to begin with -------------------------------------------------------------------
def good() -> dict[str, bytes]:
    """One file of each type, large enough for a mutation to hit something."""
    chance = random.Random(3)
    noise = Image.frombytes("RGB", (96, 64), chance.randbytes(96 * 64 * 3))
    png, jpeg = io.BytesIO(), io.BytesIO()
    noise.save(png, "PNG")
    noise.save(jpeg, "JPEG")
    return {
        "a.pdf": document(),
        "a.docx": letter(),
        "a.xlsx": sheet(),
        "a.png": png.getvalue(),
        "a.jpg": jpeg.getvalue(),
    }


def document() -> bytes:
    """Twenty pages, packed into object streams as modern writers do."""
    out, writer = io.BytesIO(), PdfWriter()
    for _ in range(20):
        writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": "样例"})
    writer.write(out)
    return out.getvalue()


def letter() -> bytes:
    """Paragraphs, a relationship, a picture."""
    text = b"<x>" + b"<p>sample</p>" * 2000 + b"</x>"
    link = b'<Relationship Type="x/hyperlink" Target="https://sample.test" TargetMode="External"/>'
    rels = b"<Relationships>" + link + b"</Relationships>"
    return package(
        ("word/body.xml", text), ("word/_rels/document.xml.rels", rels), ("word/media/a.png", picture("PNG"))
    )


def sheet() -> bytes:
    """A few hundred rows."""
    out, book = io.BytesIO(), Workbook()
    for row in range(300):
        book.active.append([row, "样例", row / 7])  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


# --- mutants -----------------------------------------------------------------------------------
def mutants(count: int, seed: int = 7) -> Iterator[tuple[str, bytes]]:
    """File names and contents: bytes flipped, ends cut off, pieces spliced in from other files."""
    chance, sources = random.Random(seed), list(good().items())
    for number in range(count):
        name, content = sources[number % len(sources)]
        other = chance.choice(sources)[1]
        yield name, chance.choice((flipped, cut, spliced, doubled))(chance, content, other)


def flipped(chance: random.Random, content: bytes, _other: bytes) -> bytes:
    """Up to forty bytes are others."""
    body = bytearray(content)
    for _ in range(chance.randint(1, 40)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def cut(chance: random.Random, content: bytes, _other: bytes) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(1, len(content))]


def spliced(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """A piece of another file in the middle."""
    at, begin = chance.randrange(len(content)), chance.randrange(len(other))
    return content[:at] + other[begin : begin + chance.randint(1, 400)] + content[at + chance.randint(0, 400) :]


def doubled(chance: random.Random, content: bytes, _other: bytes) -> bytes:
    """A piece of its own, many times."""
    at = chance.randrange(len(content))
    return content[:at] + content[at : at + 64] * chance.randint(2, 2000) + content[at:]


# --- bombs -------------------------------------------------------------------------------------
def zeros(size: int) -> bytes:
    """So many zeros, packed."""
    packer = zlib.compressobj(9)
    packed = [packer.compress(bytes(MB)) for _ in range(size // MB)]
    return b"".join([*packed, packer.flush()])


def stream(content: bytes, entries: bytes = b"/Filter/FlateDecode") -> bytes:
    """A PDF stream."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def flood(form: str, width: int, height: int) -> bytes:
    """A small picture that says it is a huge one."""
    content = bytearray(picture(form))
    if form == "PNG":
        content[16:24] = struct.pack(">II", width, height)
        content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    else:
        frame = content.index(b"\xff\xc0")
        content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def many_parts() -> bytes:
    """A hundred thousand parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(100_000):
            archive.writestr(f"word/{number}.xml", b"<x/>")
    return out.getvalue()


def nested() -> bytes:
    """Packages within packages, each swelling."""
    content = bytes(8 * MB)
    for _ in range(4):
        content = package(("xl/embeddings/a.xlsx", content), ("xl/b.xlsx", content), folder="xl/")
    return package(("word/embeddings/a.xlsx", content))


def swollen() -> bytes:
    """Each part just tame enough, all together not."""
    part = random.Random(1).randbytes(16 * 1024) * 128
    return package(*((f"word/{number}.bin", part) for number in range(200)))


def lying() -> bytes:
    """The directory says 10 bytes; there are 40 MB."""
    content = package(("word/b.xml", bytes(40 * MB)))
    return content.replace(struct.pack("<L", 40 * MB), struct.pack("<L", 10))


def bomb_of_references() -> bytes:
    """A cross-reference stream that unpacks to half a gigabyte, needed before anything can be read."""
    start = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    entries = b"/Type/XRef/Size 30000000/W[1 8 8]/Root 1 0 R/Filter/FlateDecode"
    return start + b"9 0 obj" + stream(zeros(510 * MB), entries) + b"endobj\nstartxref\n%d\n%%%%EOF\n" % len(start)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "ratio": ("a.docx", lambda: package(("word/b.xml", bytes(40 * MB)))),
    "lying": ("a.docx", lying),
    "nested": ("a.docx", nested),
    "swollen": ("a.docx", swollen),
    "many parts": ("a.docx", many_parts),
    "entities": ("a.docx", lambda: package(("word/laughs.xml", LAUGHS))),
    "entity from outside": ("a.xlsx", lambda: package(("xl/outside.xml", OUTSIDE), folder="xl/")),
    "deep elements": ("a.docx", lambda: package(("word/deep.xml", b"<a>" * 300_000))),
    "png flood": ("a.png", lambda: flood("PNG", 60_000, 60_000)),
    "jpeg flood": ("a.jpg", lambda: flood("JPEG", 60_000, 60_000)),
    "flate": ("a.pdf", lambda: pdf(b"", stream(zeros(400 * MB)))),
    "references": ("a.pdf", bomb_of_references),
    "deep array": ("a.pdf", lambda: pdf(b"/X" + b"[" * 200_000 + b"]" * 200_000)),
    "pages in a circle": ("a.pdf", lambda: pdf().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]")),
}
