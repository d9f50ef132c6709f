import io

from pypdf import PdfReader

from odoo.tests import TransactionCase, tagged

from ..tools import pdf

HEADERS = (
    '<html><body><div id="minimal_layout_report_headers">'
    '<div class="header">抬头一</div><div class="header">抬头二</div></div></body></html>'
)
FOOTERS = (
    '<html><body><div id="minimal_layout_report_footers"><div class="footer">'
    'Page <span class="page"></span> / <span class="topage"></span></div></div></body></html>'
)
PAPER = {"width": 210, "height": 297, "top": 40, "bottom": 30, "left": 0, "right": 0}


@tagged("post_install", "-at_install")
class TestPdf(TransactionCase):
    """Documents print without wkhtmltopdf: as text, with Chinese, header and page numbers."""

    def _pages(self, bodies):
        documents = [pdf.compose(body, HEADERS, FOOTERS, i) for i, body in enumerate(bodies)]
        content = pdf.write(documents, ("t", ""), pdf.page_rules(PAPER, False), self.fail)
        return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    def test_every_page_has_header_footer_and_its_number(self):
        """100 lines make several pages; the count starts anew with the next record."""
        long = "<p>减速机</p>" * 100
        pages = self._pages(
            [f"<html><body>{long}</body></html>", "<html><body><p>短</p></body></html>"]
        )
        count = len(pages) - 1
        self.assertEqual(sum(page.count("减速机") for page in pages), 100)
        for number, page in enumerate(pages[:-1], start=1):
            self.assertIn("抬头一", page)
            self.assertIn(f"Page {number} / {count}", page)
        self.assertIn("抬头二", pages[-1])
        self.assertIn("Page 1 / 1", pages[-1])

    def test_landscape_turns_the_sheet(self):
        self.assertIn("size: 297mm 210mm", pdf.page_rules(PAPER, True))

    def test_nothing_outside_is_fetched(self):
        """A picture on another host is looked up by its path here, never over a network."""
        asked = []

        def load(path, query):
            asked.append((path, query))
            raise ValueError(path)

        body = '<html><body><img src="https://203.0.113.9/web/image/7?width=3"/>x</body></html>'
        pdf.write([pdf.compose(body, "", "", 0)], ("t", ""), pdf.page_rules(PAPER, False), load)
        self.assertEqual(asked, [("/web/image/7", {"width": "3"})])

    def test_stock_report_of_two_records(self):
        """Odoo's own report prints several records into one file, whoever draws it."""
        modules = self.env["ir.module.module"].search([("name", "in", ("base_import", "web_tour"))])
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("base.report_irmodulereference", modules.ids)
        self.assertEqual(kind, "pdf")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        for module in modules:
            self.assertIn(module.shortdesc, text)

    def test_barcode_and_static_pictures_come_from_here(self):
        report = self.env["ir.actions.report"]
        picture, mimetype = report._suite_picture("/report/barcode/QR/ABC", {})
        self.assertEqual((picture[1:4], mimetype), (b"PNG", "image/png"))
        picture, mimetype = report._suite_picture("/web/static/img/logo.png", {})
        self.assertEqual((picture[1:4], mimetype), (b"PNG", "image/png"))
