from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.tools.misc import format_date

from odoo.addons.suite_base.tools.numbers import format_number

from ...tools.recorder import RECORDER


class SupplyMessage(models.Model):
    """Drafts that followed the plan tell it in their chatter: one note a document and run."""

    _inherit = "supply.message"

    @api.model
    def _follow_drafts(self, message_ids):
        recorder = self.env.cr.cache.get(RECORDER)
        notes = defaultdict(list)
        for message in self.browse(message_ids) if recorder else ():
            if message.state == "open" and message._is_plan_draft():
                document = message._document()
                notes[document._name, document.id].append(message._note_values())
        result = super()._follow_drafts(message_ids)
        for document, values in notes.items():
            recorder.notes[document] += values
        return result

    def _note_values(self):
        return {
            "kind": self.kind,
            "product": self.product_id,
            "quantities": (self.quantity_now, self.quantity_needed),
            "days": (self.date_now, self.date_needed),
        }

    @api.model
    def _post_notes(self, notes):
        """Post what the plan changed on each document, in its company's language."""
        author = self.env.ref("base.partner_root").id
        for (model, number), values in notes.items():
            document = self.env[model].sudo().browse(number).exists()
            if not document:
                continue
            lang = document.user_id.lang or document.company_id.partner_id.lang
            document = document.with_context(lang=lang)
            body = Markup("<p>%s</p>") % document.env._("Changed by the plan:") + Markup("").join(
                Markup("<div>%s</div>") % self._note_text(document.env, item) for item in values
            )
            document.message_post(body=body, author_id=author, subtype_xmlid="mail.mt_note")

    def _note_text(self, env, item):
        product = item["product"].with_env(env).display_name
        if item["kind"] in ("expedite", "postpone"):
            return env._(
                "%(product)s: date %(old)s → %(new)s",
                product=product,
                old=format_date(env, item["days"][0]),
                new=format_date(env, item["days"][1]),
            )
        old, new = item["quantities"]
        return env._(
            "%(product)s: quantity %(old)s → %(new)s",
            product=product,
            old=format_number(env, old),
            new=format_number(env, new),
        )
