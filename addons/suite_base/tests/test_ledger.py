import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import ledger_sql
from .common import SuiteCase

VERIFY = Path(__file__).resolve().parents[3] / "scripts" / "verify-ledger"


class LedgerCase(SuiteCase):
    """Three entries in the ledger of the first company, one in that of the second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entries = cls.ledger
        for number in range(3):
            cls.entries += cls.ledger._append("credit.release", {"n": number}, cls.company)
        cls.other_entry = cls.ledger._append("limit", {"备注": "额度"}, cls.other_company)

    def _verify(self, user=None):
        return self.ledger.with_user(user or self.auditor).verify()

    def _tamper(self, statement, *args):
        """What somebody with the keys to the database server could do."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE suite_ledger_entry DISABLE TRIGGER USER")
        self.env.cr.execute(statement, args)
        ledger_sql.protect_entries(self.env.cr)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestLedger(LedgerCase):
    """The ledger can't be changed, and change by force is found."""

    def test_chain(self):
        """Numbers without gap, each entry sealed with the one before, author and time inside."""
        self.assertEqual(self.entries.mapped("sequence"), [1, 2, 3])
        self.assertEqual(self.other_entry.sequence, 1)
        self.assertEqual(self.entries[0].previous_hash, "0" * 64)
        self.assertEqual(self.entries[1].previous_hash, self.entries[0].hash)
        self.assertEqual(self.entries[2].previous_hash, self.entries[1].hash)
        entry = self.ledger.with_user(self.user)._append("x", {"值": 1.5}, self.company).sudo()
        payload = json.loads(entry.payload)
        self.assertEqual(payload["data"], {"值": 1.5})
        self.assertEqual(payload["by"]["login"], "suite_user")
        self.assertEqual(payload["at"][:19], entry.create_date.isoformat())
        self.assertEqual(entry.user_id, self.user)
        self.assertIn("值", entry.payload)

    def test_payload_forms(self):
        """Dates and decimals are written plainly; what JSON can't say is refused."""
        entry = self.ledger._append(
            "x", {"day": date(2026, 3, 9), "amount": Decimal("1.10")}, self.company
        )
        self.assertEqual(json.loads(entry.payload)["data"], {"day": "2026-03-09", "amount": "1.10"})
        for payload in ({"x": float("nan")}, {"x": self.partner}, {"x": "\ud800"}, {("a",): 1}):
            with self.assertRaises(ValueError):
                self.ledger._append("x", payload, self.company)
        self.assertEqual(self._verify(), {"ok": True, "entries": 4, "first_broken": False})

    def test_framework_refuses(self):
        """No create, write or delete for anybody."""
        for records in (self.entries.with_user(self.admin), self.entries.sudo()):
            with self.assertRaises(AccessError):
                records.create({"kind": "x"})
            with self.assertRaises(AccessError):
                records.write({"kind": "x"})
            with self.assertRaises(AccessError):
                records.unlink()
            with self.assertRaises(AccessError):
                records[0].kind = "x"

    def test_database_refuses(self):
        """The database itself refuses, also for the head and for replication roles."""
        for statement in (
            "UPDATE suite_ledger_entry SET kind = 'x' WHERE id = %(id)s",
            "UPDATE suite_ledger_entry SET id = id WHERE id = %(id)s",
            "DELETE FROM suite_ledger_entry WHERE id = %(id)s",
            "TRUNCATE suite_ledger_entry",
            "UPDATE suite_ledger_head SET sequence = 1",
            "UPDATE suite_ledger_head SET hash = 'x'",
            "DELETE FROM suite_ledger_head",
            "TRUNCATE suite_ledger_head",
            "DELETE FROM res_company WHERE id = %(company)s",
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    statement, {"id": self.entries[0].id, "company": self.company.id}
                )
        self.assertTrue(self._verify()["ok"])

    def test_protection_survives_upgrade(self):
        """Running the models' set-up again, as an upgrade does, keeps the protection."""
        self.ledger.init()
        self.env["suite.ledger.head"].init()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("DELETE FROM suite_ledger_entry")

    def test_removal_drops_the_protection(self):
        """After the removal hook's part no function or trigger is left."""
        ledger_sql.drop_protection(self.env.cr)
        self.env.cr.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'suite_ledger%%'")
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.env.cr.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'suite_ledger%%'")
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_changed_entry(self):
        """A changed payload, kind, author, time or number is found at its entry."""
        for column, value in (
            ("payload", '{"n":9}'),
            ("kind", "y"),
            ("user_id", self.user.id),
            ("create_date", "2020-01-01"),
            ("sequence", 9),
            ("hash", "0" * 64),
            ("previous_hash", "1" * 64),
        ):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(
                    f"UPDATE suite_ledger_entry SET {column} = %s WHERE id = %s",
                    value,
                    self.entries[1].id,
                )
                result = self._verify()
                self.assertFalse(result["ok"])
                # with another number it is found at the place where it is missing
                expected = self.entries[2] if column == "sequence" else self.entries[1]
                self.assertEqual(result["first_broken"], expected.id)
                savepoint.rollback()
        self.assertTrue(self._verify()["ok"])

    def test_resealed_entry(self):
        """An entry changed together with its own hash breaks the next one's link."""
        from ..tools.ledger_chain import entry_hash  # noqa: PLC0415

        entry = self.entries[0]
        payload = entry.payload.replace('"n":0', '"n":5')
        digest = entry_hash(self.company.id, 1, entry.kind, payload, entry.previous_hash)
        self._tamper(
            "UPDATE suite_ledger_entry SET payload = %s, hash = %s WHERE id = %s",
            payload,
            digest,
            entry.id,
        )
        self.assertEqual(
            self._verify(), {"ok": False, "entries": 3, "first_broken": self.entries[1].id}
        )

    def test_removed_entries(self):
        """Entries removed in the middle, at the beginning, at the end or all are missed."""
        first, second, third = self.entries
        for removed, broken, left in (
            (second, third.id, 2),
            (first, second.id, 2),
            (third, second.id, 2),
            (self.entries, False, 0),
        ):
            with self.subTest(removed=removed), self.env.cr.savepoint() as savepoint:
                self._tamper("DELETE FROM suite_ledger_entry WHERE id IN %s", tuple(removed.ids))
                self.assertEqual(
                    self._verify(), {"ok": False, "entries": left, "first_broken": broken}
                )
                savepoint.rollback()

    def test_access(self):
        """Auditors and administrators read the ledgers of their companies; others nothing."""
        mine = self.ledger.with_user(self.auditor).search(
            [("id", "in", (self.entries + self.other_entry).ids)]
        )
        self.assertEqual(mine.sorted("sequence"), self.entries)
        self.assertEqual(self._verify(self.admin)["entries"], 3)
        for user in (self.user, self.portal):
            ledger = self.ledger.with_user(user)
            for call in (ledger.verify, ledger.export, ledger.action_export, ledger.action_verify):
                with self.assertRaises(AccessError):
                    call()
            with self.assertRaises(AccessError):
                ledger.search([])
            with self.assertRaises(AccessError):
                self.entries.with_user(user).read(["payload"])

    def test_screen(self):
        """The button tells the result."""
        ledger = self.ledger.with_user(self.auditor)
        self.assertEqual(ledger.action_verify()["params"]["type"], "success")
        self._tamper("DELETE FROM suite_ledger_entry WHERE id = %s", self.entries[1].id)
        self.assertEqual(ledger.action_verify()["params"]["type"], "danger")

    def _run_verify(self, text, *args):
        path = Path(self.env["ir.attachment"]._filestore()) / "ledger-under-test.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.addCleanup(path.unlink, missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-I", str(VERIFY), str(path), *args],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def test_export_is_checked_without_odoo(self):
        """The script accepts an export and finds each kind of damage, with its exit code."""
        text = self.ledger.with_user(self.auditor).export()
        heading, first, second, third = text.splitlines()
        self.assertEqual(self._run_verify(text)[0], 0)
        for lines, message in (
            ((heading, first, second.replace('\\"n\\":1', '\\"n\\":7'), third), "seal"),
            ((heading, first, third), "entry 2 should be here"),
            ((heading, first, second), "the end is missing"),
            ((heading, second, third), "entry 1 should be here"),
            ((heading, first, first, second, third), "entry 2 should be here"),
            ((heading, first.replace('"kind"', '"kid"'), second, third), "missing"),
        ):
            code, output = self._run_verify("\n".join(lines))
            self.assertEqual((code, message in output), (1, True), output)
        for broken in ("", "no json\n", "{}\n", heading.replace('"version":1', '"version":2')):
            self.assertEqual(self._run_verify(broken)[0], 2)

    def test_export_since(self):
        """An export is compared with an older one: a ledger written anew is found."""
        older = self.ledger.with_user(self.auditor).export()
        path = Path(self.env["ir.attachment"]._filestore()) / "ledger-older.jsonl"
        path.write_text(older, encoding="utf-8")
        self.addCleanup(path.unlink, missing_ok=True)
        self.ledger._append("x", {}, self.company)
        newer = self.ledger.with_user(self.auditor).export()
        self.assertEqual(self._run_verify(newer, "--since", str(path))[0], 0)
        shorter = older.splitlines()
        head = json.loads(shorter[0])
        second = json.loads(shorter[2])
        head["chains"][0].update(sequence=2, hash=second["hash"])
        rewritten = "\n".join([json.dumps(head), *shorter[1:3]])
        self.assertEqual(self._run_verify(rewritten)[0], 0)
        self.assertEqual(self._run_verify(rewritten, "--since", str(path))[0], 1)


@tagged("post_install", "-at_install")
class TestLedgerDownload(HttpCase, LedgerCase):
    """The download gives what the user may read, and nothing to others."""

    def test_download(self):
        """The auditor's file has his company alone, whatever companies he asks for."""
        self.authenticate("suite_auditor", "suite_auditor")
        response = self.url_open(
            f"/suite_base/ledger?companies={self.company.id},{self.other_company.id}"
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        lines = [json.loads(line) for line in response.text.splitlines()]
        self.assertEqual([chain["company"] for chain in lines[0]["chains"]], self.company.ids)
        self.assertEqual([line["sequence"] for line in lines[1:]], [1, 2, 3])

    def test_refused(self):
        """An ordinary user gets nothing."""
        self.authenticate("suite_user", "suite_user")
        with mute_logger("odoo.http"):
            response = self.url_open("/suite_base/ledger")
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("previous_hash", response.text)
