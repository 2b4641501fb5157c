"""A page of text as a small PDF, the same bytes each time; the reader's own Chinese font draws it."""

from collections.abc import Sequence

OBJECTS = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
)
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 [500] 2 94 500]"
        b" /FontDescriptor 7 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
    ),
    (
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    ),
)


def paper(title: str, lines: Sequence[str]) -> bytes:
    """A title and lines of text below it on one A4 page."""
    content = b"\n".join([_text(title, 24, 740), *(_text(line, 13, 670 - 32 * n) for n, line in enumerate(lines))])
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return _file([*OBJECTS, stream, *FONT])


def _text(text: str, size: int, height: int) -> bytes:
    return b"BT /F %d Tf 72 %d Td <%s> Tj ET" % (size, height, text.encode("utf-16-be").hex().encode())


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects with the table of where each stands."""
    written, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + head + table + tail
