"""Opens one uploaded file in a process that may do nothing else, and says what it found.

Run by path, never imported by the portal: `python -I inspector.py <kind>` with the file as standard input, kind being
pdf, docx, xlsx, csv, png or jpeg. The answer on standard output is one line of JSON, `{"reason": "<code>"}`, empty when
the file is good; a picture is followed by its bytes, drawn anew without metadata. The codes become sentences in
`portal.kernel.inspection`. Whatever ends this process before it has answered speaks against the file.

Asked for `show-pdf`, `show-png` or `show-jpeg` it draws a file that was found good before: the first pages or the
picture, in PNG, each after its length in four bytes.

Before a byte is read the process gives up memory beyond 512 MB, more than 6 seconds of CPU, new privileges, other
processes, writing, and every further descriptor, hence files and network as well.
"""

from __future__ import annotations

import codecs
import ctypes
import io
import json
import re
import resource
import signal
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any
from xml.parsers import expat

MB = 1024 * 1024
CPU_SECONDS = 6
MEMORY = 512 * MB
STANDARD = 3  # descriptors: input, output, errors
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUSER = 0x40000000, 0x08000000, 0x10000000

MAX_ENTRIES = 5_000
MAX_DIRECTORY = MB  # bytes; bounds what zipfile reads into memory
MAX_UNPACKED = 300 * MB
MAX_RATIO = 200  # of one part; ordinary sheets stay below 50
SMALL = MB  # a part this small may be packed as tightly as it likes
MAX_DEPTH = 64  # of what stands directly in one PDF object
MAX_PAGES = 3_000
MAX_OBJECTS = 300_000
MAX_PIXELS = 40_000_000
BLOCK = 256 * 1024

END_OF_ZIP = b"PK\x05\x06"
END_FORMAT = struct.Struct("<4s4H2LH")
END_SEARCH = END_FORMAT.size + 65_535


class Refused(Exception):
    """The file is not taken; the text is the code of the reason."""


# --- the box -----------------------------------------------------------------------------------
def shut_in() -> None:
    """Give up what the inspection does not need. Everything to be imported has been imported by now."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(CLONE_NEWNET | CLONE_NEWIPC):  # needs a privilege, or a kernel that grants user namespaces
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, STANDARD),
    ):
        resource.setrlimit(limit, (value, value))


# --- packages of XML ---------------------------------------------------------------------------
PARTS = {"docx": "word/", "xlsx": "xl/"}
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
XML = (".xml", ".rels", ".vml")
EMBEDDED = {".docx": "docx", ".xlsx": "xlsx"}
PACKED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"MZ", b"\x7fELF")
MACRO_PARTS = re.compile(r"vba(project|data)|/macrosheets/|/dialogsheets/|/activex/", re.IGNORECASE)
MACRO_TYPES = re.compile(rb"macroenabled|vbaproject|ms-excel\.(dialog|macro)sheet", re.IGNORECASE)
PROGRAM_INSIDE = "Ole10Native".encode("utf-16-le")  # how OLE carries a foreign file; formulas carry none
LOCAL_TEMPLATE = re.compile(r"(file:///[A-Za-z]:|[A-Za-z]:\\|[^/\\:]+$)")  # a name Word remembers of its writer's disk


class Package:
    """A DOCX or XLSX container; `budget` is what may still be unpacked, in bytes, shared with what lies inside."""

    def __init__(self, content: bytes, kind: str, budget: list[int], depth: int = 0) -> None:
        self.kind, self.budget, self.depth = kind, budget, depth
        if not content.startswith(b"PK\x03\x04"):
            raise Refused("not_office")
        check_directory(content)
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError) as error:
            raise Refused("not_office") from error
        self.entries = self.archive.infolist()

    def check(self) -> None:
        """Names first, then declared sizes, then every part unpacked and read."""
        self.check_names()
        self.check_sizes()
        for entry in self.entries:
            self.check_part(entry)

    def check_names(self) -> None:
        """No part may lead out of the package, hide, or be a macro."""
        names = [entry.filename for entry in self.entries]
        if len(names) > MAX_ENTRIES:
            raise Refused("too_big_inside")
        if "[Content_Types].xml" not in names or not any(name.startswith(PARTS[self.kind]) for name in names):
            raise Refused("not_office")
        if len({name.casefold() for name in names}) < len(names) or any(map(leads_out, names)):
            raise Refused("not_office")
        if any(map(is_odd, self.entries)):
            raise Refused("not_office")
        if any(MACRO_PARTS.search(name) for name in names):
            raise Refused("macros")

    def check_sizes(self) -> None:
        """By what the directory says; what it conceals is met when unpacking."""
        swollen = (e for e in self.entries if e.file_size > SMALL and e.file_size > MAX_RATIO * max(e.compress_size, 1))
        if sum(entry.file_size for entry in self.entries) > self.budget[0] or any(swollen):
            raise Refused("too_big_inside")

    def check_part(self, entry: zipfile.ZipInfo) -> None:
        """Unpack a part block by block and look at what it is."""
        suffix = PurePosixPath(entry.filename.lower()).suffix
        try:
            with self.archive.open(entry) as part:
                if suffix in XML:
                    check_xml(self.blocks(part), entry.filename)
                else:
                    self.check_binary(part, suffix)
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, OSError) as error:
            raise Refused("not_office") from error

    def check_binary(self, part: IO[bytes], suffix: str) -> None:
        """Pictures and the like pass; archives and programs do not, but for a sheet behind a chart."""
        content = b"".join(self.blocks(part))
        if suffix in EMBEDDED and not self.depth:
            Package(content, EMBEDDED[suffix], self.budget, self.depth + 1).check()
        elif content.startswith(PACKED) or PROGRAM_INSIDE in content:
            raise Refused("files_inside")

    def blocks(self, part: IO[bytes]) -> Iterator[bytes]:
        """The content as it is unpacked, as long as the budget lasts."""
        while block := part.read(BLOCK):
            self.budget[0] -= len(block)
            if self.budget[0] < 0:
                raise Refused("too_big_inside")
            yield block


def check_directory(content: bytes) -> None:
    """Read the record at the end of the archive, before anything trusts what it says."""
    tail = content[-END_SEARCH:]
    found = tail.rfind(END_OF_ZIP)
    if found < 0 or len(tail) - found < END_FORMAT.size:
        raise Refused("not_office")
    entries, length = END_FORMAT.unpack_from(tail, found)[4:6]
    if entries > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise Refused("too_big_inside")


def leads_out(name: str) -> bool:
    """Whether a name would be unpacked somewhere else."""
    return name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/")


def is_odd(entry: zipfile.ZipInfo) -> bool:
    """Encrypted, packed in a way no office program packs, or a link instead of a file."""
    return bool(entry.flag_bits & 1 or entry.compress_type not in METHODS or stat.S_ISLNK(entry.external_attr >> 16))


class Reader:
    """What may stand in a part: well-formed XML without a document type, so without entities."""

    def __init__(self, name: str) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.no_document_type
        if name.endswith(".rels"):
            self.parser.StartElementHandler = self.relationship
        elif name == "[Content_Types].xml":
            self.parser.StartElementHandler = self.content_type

    def no_document_type(self, *_declared: Any) -> None:
        """Where entities would be declared."""
        raise Refused("not_office")

    def relationship(self, _name: str, facts: dict[str, str]) -> None:
        """Links to click are welcome; content that is fetched when the document is opened is not."""
        if facts.get("TargetMode", "").lower() != "external":
            return
        kind, target = facts.get("Type", "").rpartition("/")[2], facts.get("Target", "")
        harmless = kind == "hyperlink" or (kind == "attachedTemplate" and LOCAL_TEMPLATE.match(target))
        if not harmless:
            raise Refused("external_content")

    def content_type(self, _name: str, facts: dict[str, str]) -> None:
        """A part may be a macro under any name, but not under any type."""
        if MACRO_TYPES.search(facts.get("ContentType", "").encode()):
            raise Refused("macros")


def check_xml(blocks: Iterator[bytes], name: str) -> None:
    """Read a part to its end."""
    reader = Reader(name)
    try:
        for block in blocks:
            reader.parser.Parse(block, False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refused("not_office") from error


def office(content: bytes, kind: str) -> None:
    """A DOCX or XLSX."""
    Package(content, kind, [MAX_UNPACKED]).check()


# --- PDF ---------------------------------------------------------------------------------------
SUSPECT = re.compile(
    rb"/(JS|JavaScript|Launch|ImportData|EmbeddedFiles?|EF|RichMedia|XFA|GoToE|Rendition|Movie|Sound)\b"
)
ACTIONS = {"/JavaScript": "active_content", "/Launch": "active_content", "/ImportData": "active_content",
           "/GoToE": "files_inside", "/Rendition": "active_content"}  # fmt: skip
TYPES = {"/EmbeddedFile": "files_inside", "/RichMedia": "active_content", "/Movie": "active_content",
         "/Sound": "active_content"}  # fmt: skip
KEYS = {"/JS": "active_content", "/JavaScript": "active_content", "/XFA": "active_content",
        "/EmbeddedFiles": "files_inside", "/EF": "files_inside"}  # fmt: skip


def pdf(content: bytes, _kind: str) -> None:
    """Readable without a password, of a sensible size, and nothing in it that acts or carries files."""
    import pikepdf

    if END_OF_ZIP in content[-END_SEARCH:]:
        raise Refused("polyglot")
    if not content.startswith(b"%PDF-"):
        raise Refused("not_pdf")
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            check_document(document, pikepdf)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError, NotImplementedError) as error:
        raise Refused("not_pdf") from error


def check_document(document: Any, pikepdf: Any) -> None:
    """Pages, then every object there is, used or not."""
    if document.is_encrypted:
        raise Refused("encrypted")
    if not len(document.pages):
        raise Refused("not_pdf")
    if len(document.pages) > MAX_PAGES or len(document.objects) > MAX_OBJECTS:
        raise Refused("too_big_inside")
    budget = [MAX_UNPACKED]
    for found in document.objects:
        if isinstance(found, pikepdf.Stream):
            check_value(found.stream_dict, pikepdf)
            check_stream(found, budget)
        elif isinstance(found, (pikepdf.Dictionary, pikepdf.Array)):
            check_value(found, pikepdf)


def check_value(value: Any, pikepdf: Any) -> None:
    """Look closely only at what names something suspect: most objects do not."""
    if SUSPECT.search(value.unparse(resolved=True)):
        for reason in faults(value, pikepdf, MAX_DEPTH):
            raise Refused(reason)


def faults(value: Any, pikepdf: Any, depth: int) -> Iterator[str]:
    """The reasons against a dictionary or array and what stands directly in it."""
    if not depth:
        yield "not_pdf"
    elif isinstance(value, pikepdf.Dictionary):
        yield from (KEYS[key] for key in KEYS.keys() & set(value.keys()))
        yield from named(value, "/S", ACTIONS)
        yield from named(value, "/Type", TYPES)
        yield from named(value, "/Subtype", TYPES)
        for key in value.keys():  # noqa: SIM118 (pikepdf's dictionary iterates over nothing else)
            yield from within(value.get(key), pikepdf, depth)
    elif isinstance(value, pikepdf.Array):
        for item in value:
            yield from within(item, pikepdf, depth)


def within(value: Any, pikepdf: Any, depth: int) -> Iterator[str]:
    """What an object refers to is looked at when its turn comes."""
    if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect:
        yield from faults(value, pikepdf, depth - 1)


def named(value: Any, key: str, reasons: dict[str, str]) -> Iterator[str]:
    """The reason that the name under a key gives."""
    if reason := reasons.get(str(value.get(key, ""))):
        yield reason


def check_stream(stream: Any, budget: list[int]) -> None:
    """Unpack what is packed by deflate alone, block by block; the pictures' own formats cannot swell like that."""
    filters = stream.get("/Filter", "")
    if str(filters) != "/FlateDecode" and "/FlateDecode" not in map(str, list(filters)[:1]):
        return
    rest, unpack = stream.read_raw_bytes(), zlib.decompressobj()
    try:
        while rest and not unpack.eof:
            budget[0] -= len(unpack.decompress(rest, BLOCK))
            rest = unpack.unconsumed_tail
            if budget[0] < 0:
                raise Refused("too_big_inside")
    except zlib.error:
        return  # a broken stream shows an empty page, no more


# --- pictures ----------------------------------------------------------------------------------
UNREADABLE = (OSError, ArithmeticError, ValueError, SyntaxError, TypeError, LookupError, EOFError, struct.error,
              zlib.error)  # fmt: skip
JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
ORIENTATION = 0x0112


def picture(content: bytes, kind: str) -> bytes:
    """The picture drawn anew: the same to the eye, upright, without metadata and whatever hid behind it."""
    from PIL import Image, ImageOps

    check_tail(content[end_of_jpeg(content) if kind == "jpeg" else end_of_png(content) :], content)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper()]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused("too_many_pixels")
            opened.load()
            upright = ImageOps.exif_transpose(opened) if opened.getexif().get(ORIENTATION, 1) != 1 else opened
            return drawn(upright, kind)
    except Image.DecompressionBombError as error:
        raise Refused("too_many_pixels") from error
    except UNREADABLE as error:
        raise Refused("not_picture") from error


def drawn(image: Any, kind: str) -> bytes:
    """The bytes of a picture that keeps its pixels and its transparency only."""
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    target = io.BytesIO()
    options: dict[str, Any] = {"quality": 92} if kind == "jpeg" else {"compress_level": 6}
    image.save(target, kind.upper(), exif=b"", icc_profile=None, **options)
    return target.getvalue()


def check_tail(tail: bytes, content: bytes) -> None:
    """Behind a picture nothing may follow but padding, or the second picture of a telephone's camera."""
    if END_OF_ZIP in content[-END_SEARCH:] or (tail.strip(b"\0 \r\n") and not tail.startswith(b"\xff\xd8")):
        raise Refused("polyglot")


def end_of_png(content: bytes) -> int:
    """Where the last chunk ends."""
    at = 8
    while at + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        at += length + 12
        if name == b"IEND":
            return int(at)
    raise Refused("not_picture")


def end_of_jpeg(content: bytes) -> int:
    """Where the end marker stands; segments are leapt over, for a thumbnail inside has an end of its own."""
    at = 2
    while found := JPEG_MARKER.search(content, at):
        at = found.end()
        if content[at - 1] == 0xD9:
            return at
        if content[at - 1] != 0x01:
            at += int.from_bytes(content[at : at + 2], "big")
    raise Refused("not_picture")


# --- previews ----------------------------------------------------------------------------------
SHOWN_PAGES, SHOWN_WIDTH, SHOWN_HEIGHT = 3, 900, 1600  # pixels
LENGTH = struct.Struct(">I")


def show_pdf(content: bytes, _kind: str) -> bytes:
    """The first pages; what of a font is not in the file is drawn in another one."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        drawn_pages = [page_shown(document[number]) for number in range(min(len(document), SHOWN_PAGES))]
    except (pypdfium2.PdfiumError, *UNREADABLE) as error:
        raise Refused("not_pdf") from error
    return b"".join(LENGTH.pack(len(one)) + one for one in drawn_pages)


def page_shown(page: Any) -> bytes:
    """A page as large as it may be, however large it says it is."""
    width, height = page.get_size()
    scale = min(SHOWN_WIDTH / max(width, 1), SHOWN_HEIGHT / max(height, 1))
    return png(page.render(scale=scale).to_pil())


def show_picture(content: bytes, kind: str) -> bytes:
    """The picture, made smaller."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=[kind.removeprefix("show-").upper()]) as opened:
            opened.thumbnail((SHOWN_WIDTH, SHOWN_HEIGHT))
            shown = png(opened)
    except (Image.DecompressionBombError, *UNREADABLE) as error:
        raise Refused("not_picture") from error
    return LENGTH.pack(len(shown)) + shown


def png(image: Any) -> bytes:
    """Its bytes."""
    target = io.BytesIO()
    image.convert("RGBA" if "A" in image.getbands() else "RGB").save(target, "PNG", compress_level=6)
    return target.getvalue()


# --- tables as text ----------------------------------------------------------------------------
UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SPELLINGS = ("utf-8-sig", "gb18030")  # what spreadsheets write here


def table(content: bytes, _kind: str) -> None:
    """Text in one of the two usual spellings, without control signs."""
    for spelling in SPELLINGS:
        try:
            text = content.decode(spelling)
        except UnicodeDecodeError:
            continue
        if UNPRINTED.search(text):
            break
        return
    raise Refused("not_table")


# --- the errand --------------------------------------------------------------------------------
CHECKS: dict[str, Callable[[bytes, str], bytes | None]] = {
    "pdf": pdf, "docx": office, "xlsx": office, "csv": table, "png": picture, "jpeg": picture,
    "show-pdf": show_pdf, "show-png": show_picture, "show-jpeg": show_picture,
}  # fmt: skip


def prepare(kind: str) -> None:
    """Import what the kind needs while files can still be opened."""
    if kind == "pdf":
        import pikepdf  # noqa: F401
    elif kind == "show-pdf":
        import pypdfium2  # noqa: F401
        from PIL import Image, PngImagePlugin

        Image.preinit()
    elif kind in PARTS:
        codecs.lookup("cp437")  # how zipfile reads names
    elif kind == "csv":
        for spelling in SPELLINGS:
            codecs.lookup(spelling)
    else:
        from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin  # noqa: F401

        Image.preinit()


def verdict(kind: str, content: bytes) -> tuple[str, bytes]:
    """The code of the reason against the file, empty when there is none, and the content to keep instead."""
    try:
        return "", CHECKS[kind](content, kind) or b""
    except Refused as refusal:
        return str(refusal), b""
    except (MemoryError, RecursionError):
        return "too_big_inside", b""


def main() -> None:
    """Read, look, answer."""
    kind = sys.argv[1]
    prepare(kind)
    shut_in()
    reason, redrawn = verdict(kind, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps({"reason": reason}).encode() + b"\n" + redrawn)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
