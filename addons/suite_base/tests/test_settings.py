from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools import pings
from ..tools.guard_settings import ALLOWED_KEY
from .common import SuiteCase


@tagged("post_install", "-at_install")
class TestSettings(SuiteCase):
    """The settings page, and what the installation switches off."""

    def test_hosts_are_saved(self):
        """The administrator's list is saved and shown again."""
        settings = self.env["res.config.settings"].with_user(self.admin)
        settings.create({"suite_allowed_hosts": "api.example.com\n10.0.0.0/8\n"}).execute()
        parameter = self.env["ir.config_parameter"].sudo()
        self.assertEqual(parameter.get_param(ALLOWED_KEY), "api.example.com\n10.0.0.0/8")
        self.assertEqual(
            settings.default_get(["suite_allowed_hosts"])["suite_allowed_hosts"],
            "api.example.com\n10.0.0.0/8",
        )
        settings.create({"suite_allowed_hosts": False}).execute()
        self.assertFalse(parameter.get_param(ALLOWED_KEY))

    def test_nonsense_is_refused(self):
        """A line that means nothing is refused with its text."""
        settings = self.env["res.config.settings"].with_user(self.admin)
        with self.assertRaisesRegex(ValidationError, "https://example.com"):
            settings.create({"suite_allowed_hosts": "ok.example\nhttps://example.com"}).execute()

    def test_only_administrators(self):
        """Others can't change the list, on the page or behind it."""
        for user in (self.user, self.auditor):
            with self.assertRaises(AccessError):
                self.env["res.config.settings"].with_user(user).create(
                    {"suite_allowed_hosts": "a.example"}
                ).execute()
            with self.assertRaises(AccessError):
                self.env["ir.config_parameter"].with_user(user).set_param(ALLOWED_KEY, "a.example")

    def test_update_pings_pause(self):
        """The publisher's ping is off; removal switches on again what was on, nothing else."""
        cron = self.env.ref("mail.ir_cron_module_update_notification")
        cron.active = True
        pings.pause_update_pings(self.env)
        self.assertFalse(cron.active)
        pings.resume_update_pings(self.env)
        self.assertTrue(cron.active)
        cron.active = False
        pings.pause_update_pings(self.env)
        pings.resume_update_pings(self.env)
        self.assertFalse(cron.active)

    def test_auditor_right(self):
        """Administrators are auditors; ordinary users aren't, and don't see the menus."""
        self.assertTrue(self.admin.has_group("suite_base.group_suite_auditor"))
        self.assertFalse(self.user.has_group("suite_base.group_suite_auditor"))
        menu = self.env.ref("suite_base.suite_ledger_entry_menu")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(self.auditor)._visible_menu_ids())
        self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(self.user)._visible_menu_ids())
