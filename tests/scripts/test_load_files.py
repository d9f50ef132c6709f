"""What `./scripts/load` reads from its files, and what it says about bad ones."""

import datetime

import load_data
import pytest

from tradeworks.adventureworks import catalogue, trade
from tradeworks.adventureworks.source import TABLES, Skips, Source
from tradeworks.console import ProblemError

DAY = datetime.date


@pytest.fixture
def folder(tmp_path):
    return load_data.write(tmp_path / "data")


@pytest.fixture
def source(folder):
    source = Source(folder)
    source.check()
    return source


def refused(folder):
    """The message of reading the folder as a whole, with its three lines."""
    with pytest.raises(ProblemError) as caught:
        source = Source(folder)
        source.check()
        skips = Skips()
        window = trade.choose_window(source)
        found = catalogue.read(source, skips)
        stores = trade.read_stores(source, window, skips)
        trade.read_orders(source, window, stores, found.products, skips)
    text = str(caught.value)
    assert text.startswith("✗ ") and "\n  Why:  " in text
    return text


def test_the_test_data_has_every_file():
    assert set(load_data.FILES) == set(TABLES)


# ------------------------------------------------------------------------ command line


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["northwind", ".", "-d", "x"], ["no company 'northwind'", "adventureworks"]),
        (["adventureworks", "nowhere", "-d", "x"], ["can't be loaded", "no such folder"]),
        (["adventureworks", __file__, "-d", "x"], ["can't be loaded", "It is a file"]),
        (["adventureworks", ".", "-d", "x", "--from", "2013-10-01"], ["one end of the window"]),
        (
            ["adventureworks", ".", "-d", "x", "--from", "1.10.2013", "--to", "2013-12-31"],
            ["--from is '1.10.2013'", "YYYY-MM-DD"],
        ),
    ],
)
def test_wrong_arguments_are_explained(script, arguments, parts):
    code, text = script("load", *arguments)
    assert code == 1
    assert text.startswith("✗ ")
    assert "  Do:   " in text
    for part in parts:
        assert part in text


def test_missing_files_are_named(script, folder):
    (folder / "Product.csv").unlink()
    (folder / "Store.csv").unlink()
    code, text = script("load", "adventureworks", str(folder), "-d", "x")
    assert code == 1
    assert "2 of 27 files are missing" in text
    assert "Product.csv, Store.csv" in text


def test_name_that_no_database_can_have(script, folder):
    code, text = script("load", "adventureworks", str(folder), "-d", "a b")
    assert code == 1
    assert "'a b' can't be a database name" in text


# ------------------------------------------------------------------------ broken files


def test_missing_column_is_named_with_those_that_are_there(folder):
    load_data.edit(folder, "Product", "StandardCost", "Cost")
    text = refused(folder)
    assert "Product.csv has no column StandardCost" in text
    assert "ProductID, Name, ProductNumber" in text


def test_empty_file(folder):
    (folder / "Vendor.csv").write_text("")
    assert "none, the file is empty" in refused(folder)


def test_bad_number_is_named_with_line_and_column(folder):
    load_data.edit(folder, "Product", "34.99", "34;99")
    assert "Product.csv, line 3: ListPrice is '34;99'" in refused(folder)


def test_bad_date_is_named(folder):
    load_data.edit(folder, "ResellerSalesOrderHeader", "2013-10-30", "30/10/13")
    assert "line 3: order_date is '30/10/13'" in refused(folder)


def test_missing_value_that_is_needed(folder):
    load_data.edit(folder, "ProductVendor", "1,400,17,0.35", "1,400,,0.35")
    assert "AverageLeadTime is ''" in refused(folder)


def test_line_that_was_cut_off(folder):
    path = folder / "Store.csv"
    path.write_text(path.read_text(encoding="utf-8") + "302,Cut\n", encoding="utf-8")
    assert "Store.csv, line 4 doesn't fit its header" in refused(folder)


def test_file_that_is_not_utf8(folder):
    (folder / "Store.csv").write_bytes(
        "BusinessEntityID,Name,SalesPersonID\n1,é,\n".encode("latin-1")
    )
    assert "Store.csv can't be read" in refused(folder)


# ------------------------------------------------------------------------ catalogue


def test_bills_of_materials_without_ended_and_rootless_rows(source):
    skips = Skips()
    found = catalogue.read(source, skips)
    assert found.boms == {5: [(3, 2.0), (4, 8.0)], 3: [(1, 6.0)]}
    assert found.levels() == 2
    counts = {(what, why): count for what, why, count in skips}
    assert counts["BOM rows", "ended revision (EndDate)"] == 1
    assert counts["BOM rows", "no parent assembly (ProductAssemblyID)"] == 1


def test_units_of_products_and_of_vendors(source):
    """Paint is used by the ounce and bought by the gallon; a carton's content isn't known."""
    skips = Skips()
    found = catalogue.read(source, skips)
    assert {key: product.unit for key, product in found.products.items()} == {
        1: "EA",
        2: "EA",
        3: "EA",
        4: "FLOZ",
        5: "EA",
        6: "EA",
    }
    units = {(offer.product, offer.vendor): offer.unit for offer in found.offers}
    assert units == {
        (1, 400): "uom.product_uom_dozen",
        (2, 400): "uom.product_uom_unit",
        (4, 400): "uom.product_uom_gal",
    }
    told = {why: count for what, why, count in skips if what == "pack sizes"}
    assert told == {"vendor unit CTN has no content in the data: taken as 1 piece": 1}


def test_part_kept_by_length_in_packs_holds_one_assemblys_need(folder):
    load_data.edit(folder, "BillOfMaterials", "EA,6.0", "IN,40.0")
    load_data.edit(folder, "ProductVendor", "100,500,DZ", "1,5,PAK")
    source = Source(folder)
    found = catalogue.read(source, Skips())
    assert found.products[1].unit == "IN"
    assert next(offer.unit for offer in found.offers if offer.product == 1) == 40.0


def test_minutes_of_an_operation_are_hours_by_pieces(source):
    """4 h for 8 pieces and 2 h for 4 pieces: 30 minutes a piece."""
    found = catalogue.read(source, Skips())
    assert {
        key: [(s.place, s.minutes) for s in steps] for key, steps in found.operations.items()
    } == {3: [(50, 30.0)]}


def test_weights_in_kilograms_and_empty_stock_left_out(source):
    found = catalogue.read(source, Skips())
    assert found.products[2].weight == pytest.approx(0.45)
    assert found.products[3].weight == pytest.approx(0.9071847)
    assert found.stock == [(1, 6, 100.0), (2, 6, 20.0)]


# ------------------------------------------------------------------------ trade


def test_last_full_quarter_is_the_window(source):
    window = trade.choose_window(source)
    assert (window.start, window.end) == (DAY(2013, 10, 1), DAY(2013, 12, 31))


def test_quarter_that_has_not_ended_is_not_taken(folder):
    load_data.edit(folder, "ResellerSalesOrderHeader", "2013-12-31", "2013-12-30")
    window = trade.choose_window(Source(folder))
    assert (window.start, window.end) == (DAY(2013, 7, 1), DAY(2013, 9, 30))


def test_window_without_orders_or_upside_down(source):
    with pytest.raises(ProblemError, match="no orders from 2010-01-01 to 2010-03-31"):
        trade.choose_window(source, DAY(2010, 1, 1), DAY(2010, 3, 31))
    with pytest.raises(ProblemError, match="ends before it starts"):
        trade.choose_window(source, DAY(2013, 12, 31), DAY(2013, 10, 1))


def test_stores_with_limit_contact_and_reserved_mail_domain(source):
    """1.5 × 221 rounded up to 1,000; without orders in the year before: 5,000."""
    skips = Skips()
    stores = trade.read_stores(source, trade.choose_window(source), skips)
    riders, valley = stores[300], stores[301]
    assert (riders.limit, valley.limit) == (1000.0, 5000.0)
    assert riders.account == "AW00000001"
    assert [(c.name, c.email) for c in riders.contacts] == [
        ("Ana Roth", "ana0@adventure-works.example")
    ]
    assert len(riders.other_addresses) == 1
    counts = {why: count for _what, why, count in skips}
    assert counts["private persons: their orders aren't in the data"] == 1
    assert counts["no name in the data (contact of a vendor)"] == 1


def test_orders_of_the_window_with_tax_discount_and_freight(source):
    skips, window = Skips(), trade.choose_window(source)
    products = catalogue.read(source, skips).products
    orders = trade.read_orders(
        source, window, trade.read_stores(source, window, skips), products, skips
    )
    assert sorted(orders) == [11, 12]
    order = orders[11]
    assert order.lines == [(5, 2.0, 200.0, 10.0), (2, 1.0, 20.0, 0.0)]
    assert (order.tax_rate, order.freight, order.store) == (8.0, 9.6, 300)


def test_purchase_and_work_orders_open_at_the_cut_off(source):
    skips, window = Skips(), trade.choose_window(source)
    found = catalogue.read(source, skips)
    purchases = trade.read_purchases(source, window, found.vendors, found.products, skips)
    assert {key: purchase.lines for key, purchase in purchases.items()} == {
        1: [(4, 3.0, 55.0, DAY(2014, 1, 9))]
    }
    works = trade.read_works(source, window, found.boms, skips)
    assert [(work.id, work.quantity) for work in works] == [(1, 8.0)]
    counts = {(what, why): count for what, why, count in skips}
    assert counts["purchase orders", "rejected (Status 3)"] == 1
    assert counts["purchase orders", "received by the window's end"] == 1
    assert counts["work orders", "finished by the window's end"] == 1
