from odoo.tests import TransactionCase, new_test_user


class SuiteCase(TransactionCase):
    """Two companies, a user of each kind, a customer with one decision about him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.company = cls.env["res.company"].create({"name": "Suite Trading"})
        cls.other_company = cls.env["res.company"].create({"name": "Suite Making"})
        cls.user = cls._new_user("suite_user", "base.group_user,base.group_partner_manager")
        cls.colleague = cls._new_user("suite_colleague", "base.group_user")
        cls.auditor = cls._new_user("suite_auditor", "suite_base.group_suite_auditor")
        cls.admin = cls._new_user("suite_admin", "base.group_system,base.group_partner_manager")
        cls.portal = cls._new_user("suite_portal", "base.group_portal")
        cls.partner = cls.env["res.partner"].create({"name": "宏远机械", "color": 3})
        cls.decisions = cls.env["suite.decision"]
        cls.ledger = cls.env["suite.ledger.entry"]
        cls.decision = cls.record(cls.partner)

    @classmethod
    def _new_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            lang="en_US",
        )

    @classmethod
    def record(cls, record, **values):
        """One decision about ``record``, in the test company."""
        return cls.decisions._record(
            [
                {
                    "kind": "pool.move",
                    "record": record,
                    "company_id": cls.company.id,
                    "outcome": "moved",
                    "explanation": "Moved",
                    "rule": "pool:won",
                    "rule_version": "2",
                    "inputs": [
                        {"model": record._name, "id": record.id, "field": "color", "value": 3}
                    ],
                    **values,
                }
            ]
        )
