import mimetypes

from odoo import api, models
from odoo.tools.misc import file_open

from ..tools import pdf


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        """Without wkhtmltopdf, WeasyPrint prints: buttons and mails stay usable."""
        state = super().get_wkhtmltopdf_state()
        return "ok" if state == "install" and pdf.available() else state

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        if super().get_wkhtmltopdf_state() != "install" or not pdf.available():
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        report = self._get_report(report_ref) if report_ref else self
        rules = self._suite_page_rules(report, landscape, specific_paperformat_args or {})
        documents = [pdf.compose(body, header, footer, i) for i, body in enumerate(bodies)]
        return pdf.write(documents, self._suite_styles(), rules, self._suite_picture)

    def _suite_page_rules(self, report, landscape, overrides):
        paper = report.get_paperformat()
        wide = landscape or overrides.get("data-report-landscape") or False
        return pdf.page_rules(
            {
                "width": paper.print_page_width if paper else 0,
                "height": paper.print_page_height if paper else 0,
                "top": float(overrides.get("data-report-margin-top", paper.margin_top)),
                "bottom": float(overrides.get("data-report-margin-bottom", paper.margin_bottom)),
                "left": paper.margin_left,
                "right": paper.margin_right,
            },
            wide or paper.orientation == "Landscape",
        )

    def _suite_styles(self):
        """Checksum and text of stock's report styles, as its own PDF printer gets them."""
        texts = []
        for name in ("web.report_assets_pdf", "web.report_assets_common"):
            bundle = (
                self.env["ir.qweb"]
                .sudo()
                ._get_asset_bundle(name, css=True, js=False, autoprefix=True)
            )
            attachment = bundle.css()
            texts.append((attachment.raw or b"").decode())
        css = "\n".join(texts)
        return hash(css), css

    def _suite_picture(self, path, query):
        """A picture that a printed document asks for: bytes and MIME type, read as the user."""
        names = [name for name in path.split("/") if name]
        if names[:2] == ["report", "barcode"]:
            kind, value = (names[2], "/".join(names[3:])) if len(names) > 3 else ("QR", "")  # noqa: PLR2004
            picture = self.barcode(
                query.pop("barcode_type", kind), query.pop("value", value), **query
            )
            return picture, "image/png"
        if names[:2] == ["web", "image"]:
            return self._suite_image(names[2:], query), "image/png"
        if "static" in names:
            with file_open(path.lstrip("/"), "rb") as handle:
                return handle.read(), mimetypes.guess_type(path)[0]
        raise ValueError(f"not a picture of this database: {path}")

    def _suite_image(self, names, query):
        """`/web/image/<model>/<id>/<field>` or `/web/image/<attachment id>`."""
        model, record_id, field = query.get("model"), query.get("id"), query.get("field")
        if names and names[0].split("-")[0].isdigit():
            model, record_id, field = "ir.attachment", names[0].split("-")[0], "raw"
        elif len(names) > 2:  # noqa: PLR2004
            model, record_id, field = names[:3]
        record = self.env["ir.binary"]._find_record(res_model=model, res_id=int(record_id))
        return self.env["ir.binary"]._get_image_stream_from(record, field or "raw").read()
