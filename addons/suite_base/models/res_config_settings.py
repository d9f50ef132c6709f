from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import guard
from ..tools.guard_policy import parse_entry
from ..tools.guard_settings import ALLOWED_KEY, PRIVATE_KEY, split_hosts


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    suite_allowed_hosts = fields.Text(
        "Allowed Hosts",
        help="Hosts outside the company's network that the server may connect to, one a line:"
        " a name, *.domain, an address or a network, optionally with :port. Mail servers that"
        " are set up in the system are always allowed.",
    )
    suite_block_private_networks = fields.Boolean(
        "Private Networks Too",
        config_parameter=PRIVATE_KEY,
        help="Treat the company's local network like the outside.",
    )

    def _register_hook(self):
        """The guard stands in every process that serves a database with this addon, also where
        the addon was imported before Odoo could call its ``post_load``."""
        super()._register_hook()
        guard.install()

    @api.model
    def get_values(self):
        """Odoo's settings with the list of allowed hosts."""
        hosts = self.env["ir.config_parameter"].sudo().get_param(ALLOWED_KEY)
        return {**super().get_values(), "suite_allowed_hosts": hosts or False}

    def set_values(self):
        """Save the settings; the list of allowed hosts takes effect at once.

        :raise ValidationError: a line is no host name, address or network
        """
        super().set_values()
        for host in split_hosts(self.suite_allowed_hosts):
            try:
                parse_entry(host)
            except ValueError:
                raise ValidationError(
                    self.env._("“%(host)s” is no host name, address or network.", host=host)
                ) from None
        self.env["ir.config_parameter"].set_param(
            ALLOWED_KEY, (self.suite_allowed_hosts or "").strip()
        )
        self.env.cr.postcommit.add(lambda: guard.forget(self.env.cr.dbname))
