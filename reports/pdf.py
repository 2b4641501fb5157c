"""HTML to PDF. WeasyPrint lives here and nowhere else, and is imported when the first report is made.

What is costly and always the same is kept for the life of the process: the fonts and the parsed style
sheet. Nothing is fetched but the cut fonts, by name: an address of any other kind stops the document.
"""

import gc
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

from reports.fonts import FACES

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

FONT_ADDRESS = "portal-font:"
STYLE_SHEETS = ("css/pdf.css",)
OPTIONS = {"pdf_tags": True, "pdf_variant": "pdf/a-3a"}
NEVER = date(1, 1, 1)
END = b"</rdf:RDF>"
# PDF/A wants every name of another standard described; this one says that the document keeps PDF/UA-1 as well.
UNIVERSAL_ACCESS = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class AddressRefused(ValueError):
    """A document asked for something that is not one of our assets."""


@dataclass(frozen=True)
class Enclosed:
    """A file that travels inside the document: what its figures were made from."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True)
class Pdf:
    """A laid-out document."""

    document: Any

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self.document.pages)

    def write(self, target: Path, enclosed: Iterable[Enclosed] = (), *, on: date = NEVER) -> None:
        """Paint the pages into a file, in PDF/A-3 with tags; what is enclosed bears the date `on`.

        The same pages and files give the same bytes. Raises AddressRefused.
        """
        metadata, moment = self.document.metadata, datetime.combine(on, time.min)
        plain = metadata.generate_rdf_metadata
        metadata.generate_rdf_metadata = lambda *facts: plain(*facts).replace(END, UNIVERSAL_ACCESS + END)
        metadata.attachments += [
            engine().weasyprint.Attachment(
                file_obj=BytesIO(one.content), name=one.name, description=one.description,
                created=moment, modified=moment, relationship="Data",
            )
            for one in enclosed
        ]  # fmt: skip
        with refusing(), without_gc():
            self.document.write_pdf(target, **OPTIONS)


def asset(url: str) -> Path:
    """The file behind an address of ours. Raises AddressRefused."""
    known = {f"{FONT_ADDRESS}{face.name}": face.path for face in FACES if face.is_cut}
    if url not in known:
        raise AddressRefused(url)
    return known[url]


@dataclass(frozen=True)
class Engine:
    """WeasyPrint with everything that one process needs once."""

    weasyprint: Any
    refused: type[BaseException]
    fonts: Any
    fetcher: Any
    sheets: tuple[Any, ...]


@cache
def engine() -> Engine:
    """Costs a second and the memory of the fonts, once a process."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Serves our assets by name; refuses files, hosts and data addresses alike."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            return URLFetcherResponse(url, asset(url).read_bytes())

    fonts, fetcher = FontConfiguration(), Fetcher(fail_on_errors=True)
    css = [weasyprint.CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in style_sheets()]
    gc.collect()
    gc.freeze()
    return Engine(weasyprint, FatalURLFetchingError, fonts, fetcher, tuple(css))


def style_sheets() -> Iterator[str]:
    """The rules of the document, and one @font-face for each cut font that is there."""
    yield "\n".join(font_face(face.name) for face in FACES if face.is_cut)
    yield "\n".join(f".w{percent} {{ width: {percent}% }}" for percent in range(1, 101))
    for name in STYLE_SHEETS:
        yield (Path(settings.BASE_DIR) / "static" / name).read_text()


def font_face(name: str) -> str:
    """`sans-bold` becomes the bold weight of the family "Report Sans"."""
    family, weight = name.split("-")
    return (
        f'@font-face {{ font-family: "Report {family.title()}"; font-weight: {weight.replace("regular", "normal")}; '
        f'src: url("{FONT_ADDRESS}{name}"); }}'
    )


@contextmanager
def refusing() -> Iterator[None]:
    """WeasyPrint's refusal is not an Exception and would take the worker with it: ours is."""
    try:
        yield
    except engine().refused as error:
        raise AddressRefused(str(error)) from error


@contextmanager
def without_gc() -> Iterator[None]:
    """A layout makes millions of objects that all live to its end: looking for garbage among them is wasted."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def lay_out(html: str) -> Pdf:
    """Lay out a document whose head names language, title and date. Raises AddressRefused."""
    tools = engine()
    gc.collect()  # what the document before has left: two never stand in memory
    with refusing(), without_gc():
        source = tools.weasyprint.HTML(string=html, url_fetcher=tools.fetcher)
        return Pdf(source.render(font_config=tools.fonts, stylesheets=list(tools.sheets), **OPTIONS))
