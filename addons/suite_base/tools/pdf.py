"""Odoo's report HTML printed by WeasyPrint: real text, page numbers, Chinese and Latin fonts.

Odoo hands over one HTML document a record, and one with all headers and one with all footers.
CSS paged media puts header and footer on every page (running elements) and counts the pages.
"""

import functools
import logging
import re
from urllib.parse import parse_qsl, urlsplit

import lxml.html

#: Only its path is ever looked at: pictures come from the database, never from a network.
BASE = "http://localhost/"
#: A4 where a paper format says nothing of its own; millimetres.
DEFAULT_SIZE = (210.0, 297.0)
#: Left and right of the sheet; stock's layouts count on wkhtmltopdf's own margin.
SIDE_MARGIN = 10.0
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
HEADERS, FOOTERS = "minimal_layout_report_headers", "minimal_layout_report_footers"

PAGE = """
@page {{
    size: {width}mm {height}mm;
    margin: {top}mm {right}mm {bottom}mm {left}mm;
    @top-left {{ content: element(suite_header); width: 100%; vertical-align: top;
                 padding-top: 7mm; }}
    @bottom-left {{ content: element(suite_footer); width: 100%; vertical-align: bottom;
                    padding-bottom: 6mm; }}
}}
.suite_header {{ position: running(suite_header); }}
.suite_footer {{ position: running(suite_footer); }}
.suite_footer .page::after {{ content: counter(page); }}
.suite_footer .topage::after {{ content: counter(pages); }}
.suite_footer .page, .suite_footer .topage {{ page-break-after: auto; }}
/* One family with Latin and Simplified Chinese: else Chinese comes in Japanese shapes. */
* {{ font-family: "Noto Sans CJK SC", "DejaVu Sans", sans-serif !important; }}
html {{ height: auto !important; font-size: 12px; }}
body {{ margin: 0 !important; padding: 0 !important; max-width: none !important;
        overflow: visible !important; }}
thead {{ display: table-header-group !important; }}
tr {{ break-inside: avoid; }}
/* Outlines would make stock split several records by a structure only wkhtmltopdf writes. */
h1, h2, h3, h4, h5, h6 {{ bookmark-level: none; }}
"""


def available():
    """True when WeasyPrint and its system libraries are there."""
    return _weasyprint() is not None


@functools.cache
def _weasyprint():
    # It warns about every rule of a browser's stylesheet that paper doesn't know.
    for name in ("weasyprint", "weasyprint.progress"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        import weasyprint  # noqa: PLC0415 - optional; loads Pango, so only when first printed
    except (ImportError, OSError):
        return None
    return weasyprint


@functools.lru_cache(maxsize=8)
def _stylesheet(checksum, css):
    """Stock's report styles, parsed once a process (0.7 s, the largest part of a first page).

    Web fonts are left out: system fonts know Chinese, and parsing them takes 3 s more.
    `checksum` alone is the key that matters; `css` rides along.
    """
    weasyprint = _weasyprint()
    return weasyprint.CSS(string=FONT_FACE.sub("", css))


def page_rules(paper, landscape):
    """CSS of a sheet. `paper`: width, height, top, right, bottom, left in millimetres or None."""
    width, height = paper["width"] or DEFAULT_SIZE[0], paper["height"] or DEFAULT_SIZE[1]
    if landscape and width < height:
        width, height = height, width
    return PAGE.format(
        width=width,
        height=height,
        top=paper["top"],
        bottom=paper["bottom"],
        left=max(paper["left"], SIDE_MARGIN),
        right=max(paper["right"], SIDE_MARGIN),
    )


def _nth(document, container, index):
    """The header or footer of the record at this place; None when the report has none."""
    if not document:
        return None
    found = lxml.html.fromstring(str(document).strip()).xpath(f"//*[@id='{container}']/*")
    return found[min(index, len(found) - 1)] if found else None


def compose(body, header, footer, index):
    """One record's document: its body with the header and footer that run on its pages."""
    root = lxml.html.fromstring(str(body).strip())
    for node in root.xpath("//link|//script|//base"):
        node.drop_tree()
    target = root.find("body") if root.tag == "html" else root
    parts = (
        ("suite_footer", _nth(footer, FOOTERS, index)),
        ("suite_header", _nth(header, HEADERS, index)),
    )
    for name, node in parts:
        if node is not None:
            holder = lxml.html.Element("div", {"class": name})
            holder.append(node)
            target.insert(0, holder)
    return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def _fetcher(load):
    """What a document may load: data URLs, and what `load(path, query)` gives for the rest."""
    weasyprint = _weasyprint()

    class LocalFetcher(weasyprint.urls.URLFetcher):
        def fetch(self, url, headers=None):
            parts = urlsplit(url)
            if parts.scheme == "data":
                return super().fetch(url, headers)
            content, mimetype = load(parts.path, dict(parse_qsl(parts.query)))
            return weasyprint.urls.URLFetcherResponse(url, content, {"Content-Type": mimetype})

    return LocalFetcher(allowed_protocols=["data"])


def write(documents, styles, rules, load):
    """Bytes of one PDF of all documents; each starts its own page count.

    :param documents: HTML texts of `compose`
    :param styles: (checksum, css) of the report styles
    :param rules: CSS of `page_rules`
    :param load: `load(path, query)` → (bytes, MIME type) of a picture of this database
    """
    weasyprint = _weasyprint()
    fetcher = _fetcher(load)
    sheets = [_stylesheet(*styles), weasyprint.CSS(string=rules)]
    printed = [
        weasyprint.HTML(string=text, base_url=BASE, url_fetcher=fetcher).render(stylesheets=sheets)
        for text in documents
    ]
    pages = [page for document in printed for page in document.pages]
    return printed[0].copy(pages).write_pdf()
