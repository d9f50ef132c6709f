"""The CSV files: which columns are needed, and values that say where they are when they're bad."""

import csv
import datetime
from pathlib import Path

from ..console import ProblemError

#: File (without .csv) → the columns that are read. Other columns may be there or not.
TABLES = {
    "Address": ("AddressID", "AddressLine1", "AddressLine2", "City", "StateProvinceID")
    + ("PostalCode",),
    "BillOfMaterials": ("ProductAssemblyID", "ComponentID", "EndDate", "UnitMeasureCode")
    + ("PerAssemblyQty",),
    "BusinessEntityAddress": ("BusinessEntityID", "AddressID", "AddressTypeID"),
    "BusinessEntityContact": ("BusinessEntityID", "PersonID", "ContactTypeID"),
    "ContactType": ("ContactTypeID", "Name"),
    "Customer": ("CustomerID", "PersonID", "StoreID", "AccountNumber"),
    "CustomerPersonName": ("person_id", "first_name", "middle_name", "last_name"),
    "EmailAddress": ("BusinessEntityID", "EmailAddress"),
    "Employee": ("BusinessEntityID", "LoginID", "JobTitle"),
    "Location": ("LocationID", "Name", "CostRate", "Availability"),
    "PersonPhone": ("BusinessEntityID", "PhoneNumber"),
    "Product": ("ProductID", "Name", "ProductNumber", "MakeFlag", "FinishedGoodsFlag")
    + ("SafetyStockLevel", "StandardCost", "ListPrice", "WeightUnitMeasureCode", "Weight")
    + ("DaysToManufacture", "ProductSubcategoryID", "SellEndDate"),
    "ProductCategory": ("ProductCategoryID", "Name"),
    "ProductInventory": ("ProductID", "LocationID", "Quantity"),
    "ProductSubcategory": ("ProductSubcategoryID", "ProductCategoryID", "Name"),
    "ProductVendor": ("ProductID", "BusinessEntityID", "AverageLeadTime", "StandardPrice")
    + ("MinOrderQty", "UnitMeasureCode"),
    "PurchaseOrderDetail": ("PurchaseOrderID", "PurchaseOrderDetailID", "DueDate", "OrderQty")
    + ("ProductID", "UnitPrice"),
    "PurchaseOrderHeader": ("PurchaseOrderID", "Status", "VendorID", "OrderDate"),
    "ResellerSalesOrderDetail": ("sales_order_id", "sales_order_detail_id", "order_qty")
    + ("product_id", "unit_price", "unit_price_discount"),
    "ResellerSalesOrderHeader": ("sales_order_id", "order_date", "due_date", "customer_id")
    + ("purchase_order_number", "sales_person_id", "territory_id", "bill_to_address_id")
    + ("ship_to_address_id", "order_sub_total", "order_tax_amount", "order_freight_amount")
    + ("order_total_due",),
    "SalesPerson": ("BusinessEntityID", "TerritoryID"),
    "SalesTerritory": ("TerritoryID", "Name"),
    "StateProvince": ("StateProvinceID", "StateProvinceCode", "CountryRegionCode"),
    "Store": ("BusinessEntityID", "Name", "SalesPersonID"),
    "Vendor": ("BusinessEntityID", "AccountNumber", "Name", "PreferredVendorStatus", "ActiveFlag"),
    "WorkOrder": ("work_order_id", "product_id", "order_qty", "start_date", "end_date")
    + ("due_date",),
    "WorkOrderRouting": ("work_order_id", "product_id", "operation_sequence", "location_id")
    + ("actual_resource_hrs",),
}
EMPTY = {"", "None", "NULL"}


class Row:
    """One line of a file; reading a value that can't be read names file, line and column."""

    __slots__ = ("line", "table", "values")

    def __init__(self, table, line, values):
        self.table, self.line, self.values = table, line, values

    def text(self, column):
        value = (self.values[column] or "").strip()
        return "" if value in EMPTY else value

    def _read(self, column, convert, what, required):
        value = self.text(column)
        if not value and not required:
            return None
        try:
            return convert(value)
        except ValueError as error:
            raise ProblemError(
                f"{self.table}.csv, line {self.line}: {column} is {value!r}",
                f"{what} is expected there.",
                "Correct the line (or fetch the file again) and run again; nothing was written.",
            ) from error

    def number(self, column, required=True):
        return self._read(column, float, "A number", required)

    def whole(self, column, required=True):
        """A whole number; some files write the ones of optional columns as 934.0."""
        return self._read(column, _whole, "A whole number", required)

    def day(self, column, required=True):
        return self._read(column, _day, "A date such as 2013-12-31", required)

    def flag(self, column):
        return self.text(column) in {"1", "True", "true"}


def _whole(value):
    number = float(value)
    if number != int(number):
        raise ValueError(value)
    return int(number)


def _day(value):
    return datetime.date.fromisoformat(value[:10])


class Source:
    """The folder of CSV files, checked as a whole before the first row is used."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._tables = {}

    def check_files(self):
        """Are folder and files there? Quick: done before anything else is started."""
        if not self.folder.is_dir():
            reason = "It is a file." if self.folder.exists() else "There is no such folder."
            raise ProblemError(
                f"{self.folder} can't be loaded",
                reason,
                "Give the folder that holds the AdventureWorks CSV files (Product.csv, …).",
            )
        missing = [f"{name}.csv" for name in TABLES if not self._path(name).is_file()]
        if missing:
            raise ProblemError(
                f"{len(missing)} of {len(TABLES)} files are missing in {self.folder}",
                f"Not there: {', '.join(missing)}.",
                "Add them, or give the folder that holds all of them; nothing was written.",
            )

    def check(self):
        self.check_files()
        for name in TABLES:
            self.rows(name)

    def _path(self, name):
        return self.folder / f"{name}.csv"

    def rows(self, name):
        """All rows of a file, read once."""
        if name not in self._tables:
            try:
                with open(self._path(name), encoding="utf-8-sig", newline="") as handle:
                    self._tables[name] = list(self._parse(name, handle))
            except (UnicodeDecodeError, csv.Error, OSError) as error:
                raise ProblemError(
                    f"{name}.csv can't be read", str(error), "It must be a CSV file in UTF-8."
                ) from error
        return self._tables[name]

    @staticmethod
    def _parse(name, handle):
        reader = csv.DictReader(handle)
        header = reader.fieldnames or []
        absent = [column for column in TABLES[name] if column not in header]
        if absent:
            raise ProblemError(
                f"{name}.csv has no column {', '.join(absent)}",
                f"Its columns are: {', '.join(header) or 'none, the file is empty'}.",
                "Fetch the file again or correct its first line; nothing was written.",
            )
        for values in reader:
            if None in values or None in values.values():
                raise ProblemError(
                    f"{name}.csv, line {reader.line_num} doesn't fit its header",
                    f"The header has {len(header)} columns, the line has more or fewer values.",
                    "The file is cut off or damaged: fetch it again; nothing was written.",
                )
            yield Row(name, reader.line_num, values)


class Skips:
    """What isn't loaded, why, and how many rows."""

    def __init__(self):
        self.counts = {}

    def add(self, what, why, count=1):
        if count:
            self.counts[what, why] = self.counts.get((what, why), 0) + count

    def __iter__(self):
        return iter(sorted((what, why, n) for (what, why), n in self.counts.items()))
