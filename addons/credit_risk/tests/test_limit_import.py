import base64
import csv
import io
import time
from datetime import date, datetime

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.credit_risk.tools.limit_sheet import (
    SheetError,
    parse_date,
    parse_limit,
    read_table,
)

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestLimitImport(CreditCase):
    """Limits from a spreadsheet: preview first, then all or nothing."""

    def _workbook(self, rows):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def _wizard(self, content, name="limits.xlsx", user=None, **values):
        wizard = (
            self.env["credit.limit.import"]
            .with_user(user or self.manager)
            .create(
                {
                    "file": base64.b64encode(content),
                    "file_name": name,
                    "reason": "Yearly review",
                    **values,
                }
            )
        )
        wizard.action_preview()
        return wizard

    def _partner(self, name, **values):
        return self._customer(name=name, **values)

    def _outcomes(self, wizard):
        return [(line.number, line.outcome) for line in wizard.line_ids.sorted("number")]

    def test_import(self):
        """Every way to name a customer, every column; the preview writes nothing."""
        named = self._partner("导入试验甲公司")
        coded = self._partner("B", ref="C-007")
        taxed = self._partner("C", vat="91310000MA1K35XU0X")
        euro = self.env.ref("base.EUR")
        euro.active = True
        policy = self.env["credit.policy"].create({"name": "Strict"})
        group = self.env["credit.group"].create({"name": "North", "limit_kind": "unlimited"})
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "d_1", "model": "res.partner", "res_id": coded.id}
        )
        rows = [
            [
                "客户",
                "客户编码",
                "统一社会信用代码",
                "信用额度",
                "币种",
                "有效期至",
                "等级",
                "信用政策",
                "信用组",
                "原因",
            ],
            [
                "导入试验甲公司",
                None,
                None,
                50000,
                "EUR",
                datetime(2026, 12, 31),
                "a",
                None,
                None,
                None,
            ],
            [None, "C-007", None, "无限", None, None, None, "Strict", "North", "Big one"],
            [
                None,
                None,
                "91310000MA1K35XU0X",
                "12,345.60",
                "人民币",
                "2026年6月30日",
                "B",
                "",
                "",
                "",
            ],
        ]
        self.env.ref("base.CNY").active = True
        wizard = self._wizard(self._workbook(rows))
        self.assertEqual(self._outcomes(wizard), [(2, "change"), (3, "change"), (4, "change")])
        self.assertEqual(self._account(named).limit_kind, "default")
        wizard.action_apply()
        account = self._account(named)
        self.assertEqual(
            (account.limit_kind, account.limit_amount, account.currency_id.name),
            ("limited", 50000, "EUR"),
        )
        self.assertEqual((account.limit_valid_to, account.rating), (date(2026, 12, 31), "A"))
        account = self._account(coded)
        self.assertEqual(
            (account.limit_kind, account.policy_id, account.group_id), ("unlimited", policy, group)
        )
        account = self._account(taxed)
        self.assertEqual(
            (account.limit_amount, account.currency_id.name, account.limit_valid_to),
            (12345.6, "CNY", date(2026, 6, 30)),
        )
        entries = self.env["suite.ledger.entry"].sudo().search([("kind", "=", "credit.limit")])
        payloads = "".join(entries.mapped("payload"))
        self.assertIn("Big one", payloads)
        self.assertIn("Yearly review", payloads)
        self.assertEqual(wizard.state, "done")

    def test_wrong_rows(self):
        """Each mistake is told by row; nothing is written until wrong rows are left out."""
        good = self._partner("Imported Good")
        self._partner("Imported Twin")
        self._partner("Imported Twin")
        same = self._customer(100, name="Imported Same")
        self._partner("Imported Low")
        rows = [
            ["Customer", "Limit", "Valid Until", "Currency", "Rating"],
            ["Imported Good", 100, None, None, None],
            ["Imported Nobody", 100, None, None, None],
            ["Imported Twin", 100, None, None, None],
            ["Imported Low", -5, None, None, None],
            ["Imported Low", "lots", None, None, None],
            ["Imported Low", 5, "31.12.26", None, None],
            ["Imported Low", 5, None, "XYZ", None],
            ["Imported Low", 5, None, None, "Z"],
            ["Imported Same", 100, None, None, None],
            ["Imported Good", 200, None, None, None],
            [None, 5, None, None, None],
        ]
        wizard = self._wizard(self._workbook(rows))
        wrong = [3, 4, 5, 6, 7, 8, 9, 11, 12]
        expected = [(n, "error") for n in wrong] + [(2, "change"), (10, "same")]
        self.assertEqual(self._outcomes(wizard), sorted(expected))
        self.assertTrue(all(line.error for line in wizard.line_ids if line.outcome == "error"))
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(self._account(good).limit_kind, "default")
        table = list(
            csv.reader(io.StringIO(base64.b64decode(wizard.error_file).decode("utf-8-sig")))
        )
        self.assertEqual(len(table), 1 + len(wrong))
        self.assertEqual(table[1][:2], ["Imported Nobody", "100"])
        wizard.skip_wrong = True
        wizard.action_apply()
        self.assertEqual(self._account(good).limit_amount, 100)
        self.assertEqual(self._account(same).limit_amount, 100)

    def test_text_files(self):
        """CSV in UTF-8 (with or without mark) and in GBK, with comma, semicolon or tab."""
        partner = self._partner("导入试验乙厂")
        for encoding, separator, limit in (
            ("utf-8", ",", "1000"),
            ("utf-8-sig", ";", "2000"),
            ("gbk", "\t", "1万"),
        ):
            content = f"客户{separator}额度\n导入试验乙厂{separator}{limit}\n".encode(encoding)
            wizard = self._wizard(content, "limits.csv")
            wizard.action_apply()
            expected = 10000 if limit == "1万" else float(limit)
            self.assertEqual(self._account(partner).limit_amount, expected)

    def test_approval(self):
        """With a matrix, raised limits become requests, lowered ones are written."""
        raised, lowered = (
            self._customer(100, name="Imported Up"),
            self._customer(100, name="Imported Down"),
        )
        self.env["credit.approval"].sudo().create(
            {"kind": "limit", "group_id": self.env.ref("base.group_system").id}
        )
        rows = [
            ["Customer", "Limit", "Reason"],
            ["Imported Up", 200, "Growth"],
            ["Imported Down", 50, None],
        ]
        wizard = self._wizard(self._workbook(rows))
        self.assertEqual(self._outcomes(wizard), [(2, "request"), (3, "change")])
        wizard.action_apply()
        self.assertEqual(self._account(raised).limit_amount, 100)
        self.assertEqual(self._account(lowered).limit_amount, 50)
        request = self._account(raised).limit_request_ids
        self.assertEqual(
            (request.state, request.new_limit_amount, request.reason), ("pending", 200, "Growth")
        )

    def test_changed_since_preview(self):
        """A limit that was changed between preview and apply isn't overwritten."""
        partner = self._customer(100, name="Imported Moved")
        wizard = self._wizard(self._workbook([["Customer", "Limit"], ["Imported Moved", 200]]))
        self._account(partner).limit_amount = 150
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(self._account(partner).limit_amount, 150)

    def test_releases(self):
        """Held orders of imported customers are released, in one go at the end."""
        partner = self._customer(100, name="Imported Held")
        order = self._confirmed(partner, 120)
        self._wizard(self._workbook([["Customer", "Limit"], ["Imported Held", 120]])).action_apply()
        self.assertEqual(order.state, "sale")

    def test_rights_and_files(self):
        """Only credit managers import; a file without customers or no spreadsheet is refused."""
        content = self._workbook([["Customer", "Limit"], ["A", 1]])
        for user in (self.salesman, self.accountant, self.controller):
            with self.assertRaises(AccessError):
                self._wizard(content, user=user)
        for content, name in (
            (b"PK\x03\x04 broken", "x.xlsx"),
            (self._workbook([["Limit"], [5]]), "x.xlsx"),
            (self._workbook([["Customer", "Customer"], [5, 5]]), "x.xlsx"),
            (self._workbook([["Customer", "Limit"]]), "x.xlsx"),
            (b"\xff\xfe\x00\xd8", "x.csv"),
        ):
            with self.assertRaises(UserError):
                self._wizard(content, name)

    def test_template(self):
        """The template's headings are understood by the import."""
        wizard = self.env["credit.limit.import"].with_user(self.manager).create({})
        self.assertIn("/template_file?download=true", wizard.action_template()["url"])
        content = base64.b64decode(wizard.template_file)
        headings = [cell.value for cell in load_workbook(io.BytesIO(content)).active[1]]
        columns, __ = read_table(self._workbook([headings, ["x"]]), "x.xlsx")
        self.assertEqual(len(columns), len(headings))
        self.assertIn("external", columns)

    def test_cells(self):
        """Numbers, words and days as people write them."""
        for cell, expected in (
            (5, ("limited", 5.0)),
            ("１２，０００", ("limited", 12000.0)),
            ("¥1,234.5", ("limited", 1234.5)),
            ("50万", ("limited", 500000.0)),
            ("0", ("limited", 0.0)),
            ("Unlimited", ("unlimited", 0.0)),
            ("不限", ("unlimited", 0.0)),
            ("company default", ("default", 0.0)),
            ("默认", ("default", 0.0)),
        ):
            self.assertEqual(parse_limit(cell), expected, cell)
        for cell in ("1,23", "abc", "", "1.2.3", True, "nan", "1e5"):
            with self.assertRaises(ValueError):
                parse_limit(cell)
        for cell in ("2026-3-1", "2026/03/01", "2026.3.1", "2026年3月1日", "2026-03-01 00:00:00"):
            self.assertEqual(parse_date(cell), date(2026, 3, 1), cell)
        self.assertIsNone(parse_date("无"))
        for cell in ("2026-13-01", "01.03.2026", "soon"):
            with self.assertRaises(ValueError):
                parse_date(cell)
        with self.assertRaises(SheetError):
            read_table(b"", "x.csv")

    def test_many(self):
        """1,000 rows are read, shown and written in reasonable time."""
        self.env["res.partner"].create(
            [{"name": f"Many {n}", "ref": f"M{n}", "is_company": True} for n in range(1000)]
        )
        rows = [["Reference", "Limit"], *([f"M{n}", 100 + n] for n in range(1000))]
        content = self._workbook(rows)
        start = time.monotonic()
        wizard = self._wizard(content)
        shown = time.monotonic()
        wizard.action_apply()
        written = time.monotonic()
        self.assertEqual(wizard.change_count, 1000)
        accounts = self.env["credit.account"].search([("partner_id.ref", "=", "M999")])
        self.assertEqual(accounts.limit_amount, 1099)
        self.assertLess(written - start, 60, (shown - start, written - shown))
