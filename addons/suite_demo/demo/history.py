"""A year of customer invoices, paid, open, partly paid and overdue in every bucket of ageing."""

from datetime import timedelta

from odoo import Command

TERM_DAYS = {"now": 0, "15": 15, "30": 30, "45": 45, "eom": 35}
# pattern: days after due on which regular invoices are paid
PAID_AFTER = {"ontime": -3, "slow": 16, "old": 4}
# pattern: days from today to the due date of the invoice that nobody has paid
OVERDUE = {"late15": -15, "late45": -45, "late75": -75, "late120": -120, "partial": -20}
# pattern: days since the invoices of late that aren't due yet
RECENT = {"open": (12, 6), "over": (21, 14, 5), "ontime": (10,), "slow": (24,)}


def make_invoices(demo):
    """Invoices posted on their dates (from the system used before), and their payments."""
    plans = []
    for row in demo.table("customer"):
        plans += _plan(demo, row)
    plans = [plan for plan in plans if not demo.ref(plan["key"])]
    if not plans:
        return
    demo.make("account.move", [(plan["key"], _invoice(demo, plan)) for plan in plans])
    invoices = demo.refs("account.move", [plan["key"] for plan in plans])
    invoices.action_post()
    _pay(demo, zip(invoices, plans, strict=True))


def _plan(demo, row):
    """What to invoice to one customer: dates, amounts, when and how much is paid."""
    code, pattern, count = row["code"], row["pattern"], int(row["invoices"])
    size, term = float(row["size"]), TERM_DAYS[row["terms"]]
    plans = []

    def add(kind, days, paid, share=1.0, amount=size):
        plans.append(
            {
                "key": f"invoice_{code}_{kind}",
                "row": row,
                "date": demo.day(days),
                "amount": amount * demo.random.uniform(0.8, 1.2),
                "paid": paid if paid is None else min(demo.day(paid), demo.day(-1)),
                "share": share,
            }
        )

    start = -345 + int(code[1:]) * 11 % 170  # customers came one after the other
    first, last = (-480, -410) if pattern == "old" else (start, -term - 40)
    step = (last - first) / max(count - 1, 1)
    for number in range(count):
        days = round(first + step * number)
        add(number, days, days + term + PAID_AFTER.get(pattern, 2) + demo.random.randint(-2, 4))
    if pattern in OVERDUE:
        due = OVERDUE[pattern]
        partly = pattern == "partial"
        add("late", due - term, due + 4 if partly else None, 0.4 if partly else 0.0)
    for days in RECENT.get(pattern, ()):
        if row["limit"] != "0" or row["limit_kind"] != "limited":
            add(f"open{days}", -days, None, 0.0)
    return plans


def _invoice(demo, plan):
    row = plan["row"]
    abroad = row["country"] != "cn"
    partner = demo.ref(f"customer_{row['code']}")
    return {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": plan["date"],
        "date": plan["date"],
        "invoice_user_id": partner.user_id.id,
        "currency_id": demo.env.ref("base.USD" if abroad else "base.CNY").id,
        "invoice_line_ids": demo.commands(_lines(demo, plan["amount"], 7.12 if abroad else 1.0)),
    }


def _lines(demo, amount, rate):
    """Two products that together make about this amount."""
    rows = demo.table("product")
    main = demo.random.choice([row for row in rows if row["category"] == "finished"])
    side = demo.random.choice([row for row in rows if row["category"] == "traded"])
    if amount < 12000:
        main = side
    for row, part in ((main, 0.8), (side, 0.2)):
        price = float(row["price"]) / rate
        yield {
            "product_id": demo.product(row["code"]).id,
            "quantity": max(1, round(amount * part / rate / price)),
            "price_unit": round(price, 2),
        }


def _pay(demo, pairs):
    """Register payments on their own dates and match them, as the clerk would."""
    paid = [(invoice, plan) for invoice, plan in pairs if plan["paid"]]
    payments = demo.env["account.payment"].create(
        [
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "amount": round(invoice.amount_total * plan["share"], 2),
                "currency_id": invoice.currency_id.id,
                "date": max(plan["paid"], plan["date"] + timedelta(days=1)),
                "journal_id": _bank(demo).id,
                "memo": invoice.name,
            }
            for invoice, plan in paid
        ]
    )
    payments.action_post()
    for (invoice, __), payment in zip(paid, payments, strict=True):
        _match(invoice, payment)


def _match(invoice, payment):
    lines = (invoice | payment.move_id).line_ids
    lines.filtered(
        lambda line: (
            line.account_type in ("asset_receivable", "liability_payable") and not line.reconciled
        )
    ).reconcile()


def _bank(demo):
    return demo.env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", demo.company.id)], limit=1
    )


def pay_invoices(demo, invoices):
    """Pay whole invoices some days before or after they are due."""
    _pay(
        demo,
        [
            (
                invoice,
                {
                    "paid": min(
                        invoice.invoice_date_due + timedelta(days=demo.random.randint(-5, 8)),
                        demo.day(-1),
                    ),
                    "date": invoice.invoice_date,
                    "share": 1.0,
                },
            )
            for invoice in invoices
        ],
    )


def make_bills(demo):
    """Vendor bills of the last months; the older ones are paid."""
    vendors = [row["code"] for row in demo.table("vendor")]
    prices = {row["vendor"]: row for row in reversed(demo.table("supplierinfo"))}
    items = []
    for number, code in enumerate(vendor for vendor in vendors if vendor in prices):
        row = prices[code]
        days = -110 + number * 11
        items.append(
            (
                f"bill_{code}",
                {
                    "move_type": "in_invoice",
                    "partner_id": demo.ref(f"vendor_{code}").id,
                    "invoice_date": demo.day(days),
                    "date": demo.day(days),
                    "ref": f"{code}-{demo.day(days):%y%m}",
                    "currency_id": demo.env.ref("base.EUR" if code == "V06" else "base.CNY").id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": demo.product(row["product"]).id,
                                "quantity": float(row["minimum"]) * 2,
                                "price_unit": float(row["price"]),
                            }
                        )
                    ],
                },
            )
        )
    bills = demo.make("account.move", items)
    bills.action_post()
    old = bills.filtered(lambda bill: bill.invoice_date < demo.day(-60))
    payments = demo.env["account.payment"].create(
        [
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": bill.partner_id.id,
                "amount": bill.amount_total,
                "currency_id": bill.currency_id.id,
                "date": bill.invoice_date_due,
                "journal_id": _bank(demo).id,
                "memo": bill.ref,
            }
            for bill in old
        ]
    )
    payments.action_post()
    for bill, payment in zip(old, payments, strict=True):
        _match(bill, payment)
