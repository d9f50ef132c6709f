"""The program that Odoo's Python runs: python -m tradeworks.adventureworks.runner JSON."""

import contextlib
import datetime
import json
import sys

from ..console import ProblemError, command, say
from . import catalogue, report, trade
from .session import Clock, Session
from .source import Skips, Source


@contextlib.contextmanager
def odoo_environment(database):
    """Odoo's environment as the superuser, without a server and without jobs in the background."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=error"],
        setup_logging=True,
    )
    with Registry(database).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


class Company:
    """Everything read from the files, before anything is written."""

    def __init__(self, folder, first, last):
        self.source, self.skips = Source(folder), Skips()
        self.source.check()
        self.window = trade.choose_window(self.source, first, last)
        self.catalogue = catalogue.read(self.source, self.skips)
        products = self.catalogue.products
        self.stores = trade.read_stores(self.source, self.window, self.skips)
        self.orders = trade.read_orders(self.source, self.window, self.stores, products, self.skips)
        self.purchases = trade.read_purchases(
            self.source, self.window, self.catalogue.vendors, products, self.skips
        )
        self.works = trade.read_works(self.source, self.window, self.catalogue.boms, self.skips)


def load(session, data, today):
    from . import confirm, documents, masters, partners

    calendar = documents.Calendar(data.window, today)
    masters.load_company(session)
    geography = partners.Geography(session, data.source, data.skips)
    partners.load_sales_team(session, data.source)
    masters.load_places(session, data.catalogue)
    masters.load_products(session, data.catalogue, data.window, data.skips)
    masters.load_boms(session, data.catalogue)
    partners.load_vendors(session, data.source, data.catalogue.vendors, geography, data.skips)
    masters.load_offers(session, data.catalogue)
    masters.load_stock(session, data.catalogue)
    partners.load_customers(session, data.stores, geography)
    documents.load_purchases(session, data.purchases.values(), data.catalogue.offers, calendar)
    documents.load_works(session, data.works, calendar)
    documents.load_orders(session, data.orders.values(), data.stores, calendar)
    confirm.switch_on(session)
    return calendar, confirm.plan(session), confirm.classify(session)


def _day(text):
    return datetime.date.fromisoformat(text) if text else None


def _confirm(session):
    from . import confirm

    result = confirm.confirm(session)
    result["plan"] = confirm.plan(session)
    result["pools"] = confirm.classify(session)
    result["figures"] = confirm.figures(session)
    return result


@command
def main(argv):
    options = json.loads(argv[0])
    clock = Clock()
    first, last = _day(options["first"]), _day(options["last"])
    say(f"Reading {options['folder']}")
    data = Company(options["folder"], first, last)
    with odoo_environment(options["database"]) as env:
        session = Session(env)
        stored = session.state("window")
        if stored and not first:
            start, end = map(_day, stored.split(" to "))
            data = Company(options["folder"], start, end)
        today = session.settle_window(data.window, asked=bool(first))
        say(f"Loading into {options['database']}, window {data.window}")
        calendar, plan, pools = load(session, data, today)
        report.loaded(session, data, calendar, clock.seconds)
        report.planned("At the cut-off, before these orders", plan, pools)
        if options["confirm"]:
            report.confirmed(_confirm(session))
    return 0


if __name__ == "__main__":
    try:
        main()
    except ProblemError as problem:
        sys.exit(str(problem))
