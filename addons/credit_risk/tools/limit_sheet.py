"""Reads a spreadsheet of limits: cells from a file, values from cells. Nothing of Odoo."""

import csv
import io
import re
import unicodedata
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

MAX_ROWS = 20000
MAX_COLUMNS = 60
MAX_CSV = 20 * 1024 * 1024  # bytes

#: Heading (lower case, without spaces) -> column; headings in English and Chinese.
HEADINGS = {
    "customer": "customer",
    "客户": "customer",
    "客户名称": "customer",
    "往来单位": "customer",
    "reference": "ref",
    "customerreference": "ref",
    "客户编码": "ref",
    "客户编号": "ref",
    "taxid": "vat",
    "vat": "vat",
    "税号": "vat",
    "统一社会信用代码": "vat",
    "externalid": "external",
    "外部id": "external",
    "外部标识": "external",
    "company": "company",
    "公司": "company",
    "limit": "limit",
    "creditlimit": "limit",
    "信用额度": "limit",
    "额度": "limit",
    "信用限额": "limit",
    "currency": "currency",
    "币种": "currency",
    "币别": "currency",
    "货币": "currency",
    "validuntil": "valid_to",
    "有效期至": "valid_to",
    "有效期": "valid_to",
    "到期日": "valid_to",
    "policy": "policy",
    "creditpolicy": "policy",
    "信用政策": "policy",
    "信用策略": "policy",
    "group": "group",
    "creditgroup": "group",
    "信用组": "group",
    "信用集团": "group",
    "rating": "rating",
    "信用等级": "rating",
    "等级": "rating",
    "reason": "reason",
    "原因": "reason",
    "理由": "reason",
    "备注": "reason",
}
KEYS = ("customer", "ref", "vat", "external")
UNLIMITED = frozenset(("unlimited", "nolimit", "无限", "不限", "无限制", "无限额", "不限额"))
DEFAULT = frozenset(("default", "companydefault", "默认", "缺省", "公司默认", "默认额度"))
NOTHING = frozenset(("none", "-", "无", "长期", "永久", "noend"))
_UNITS = {"万": 10000, "萬": 10000, "亿": 100000000, "k": 1000, "m": 1000000}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


class SheetError(ValueError):
    """The file can't be read; ``code`` says why."""

    def __init__(self, code, detail=""):
        super().__init__(detail or code)
        self.code = code


def read_table(data, name, headings=None):
    """``(columns, rows)``: the known columns and, for each row with content, its number and cells.

    :param bytes data: content of the file
    :param str name: its name; .xlsx is a workbook, all else text with separators
    :param headings: ``{column: heading}`` that are understood beside the usual ones
    :return: ``(["customer", "limit", …], [(2, {"customer": …}), …])``
    :raise SheetError: codes "file", "empty", "headings", "customer", "rows"
    """
    try:
        lines = _workbook(data) if name.lower().endswith(".xlsx") else _text(data)
    except SheetError:
        raise
    except Exception as error:  # whatever a broken workbook makes openpyxl raise
        raise SheetError("file", str(error)) from error
    if not lines:
        raise SheetError("empty")
    known = HEADINGS | {_key(heading): column for column, heading in (headings or {}).items()}
    columns = [known.get(_key(cell)) for cell in lines[0]]
    known = [column for column in columns if column]
    if len(set(known)) != len(known):
        raise SheetError("headings")
    if not set(KEYS) & set(known):
        raise SheetError("customer")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = {
            column: value
            for column, value in zip(columns, line, strict=False)
            if column and value not in (None, "")
        }
        if cells:
            rows.append((number, cells))
    if len(rows) > MAX_ROWS:
        raise SheetError("rows")
    return known, rows


def empty_workbook(headings):
    """A workbook with these headings and nothing below."""
    book = Workbook()
    sheet = book.active
    sheet.append(headings)
    sheet.freeze_panes = "A2"
    for index, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, index)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = max(14, 2 * len(heading))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parse_limit(value):
    """``(kind, amount)`` of a cell: ("limited", 50000.0), ("unlimited", 0.0), ("default", 0.0).

    :raise ValueError: neither a number nor one of the words
    """
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, (int, float)):
        return "limited", float(value)
    word = _key(value)
    if word in UNLIMITED:
        return "unlimited", 0.0
    if word in DEFAULT:
        return "default", 0.0
    return "limited", _number(value)


def parse_date(value):
    """A day, or None for the words that mean "no end".

    :raise ValueError: no date
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _plain(value)
    if _key(text) in NOTHING:
        return None
    match = _DATE.fullmatch(text.split(" ")[0].split("T")[0])
    if not match:
        raise ValueError(value)
    return date(*map(int, match.groups()))


def text(value):
    """A cell as text: a number without its useless decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _plain(value)


def _number(value):
    words = re.sub(r"[¥￥$€\s]|cny|rmb|元", "", _plain(value).lower())
    factor = _UNITS.get(words[-1:], 1)
    if factor != 1:
        words = words[:-1]
    if not _NUMBER.fullmatch(words):
        raise ValueError(value)
    return float(words.replace(",", "")) * factor


def _plain(value):
    """Full-width letters and digits as usual ones, without spaces around."""
    return unicodedata.normalize("NFKC", str(value)).strip()


def _key(value):
    return re.sub(r"[\s_*:]|\(.*?\)", "", _plain(value or "").lower())


def _workbook(data):
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    lines = []
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True):
        cells = [cell.strip() if isinstance(cell, str) else cell for cell in row]
        lines.append(cells)
    while lines and not any(cell not in (None, "") for cell in lines[-1]):
        lines.pop()
    return lines


def _text(data):
    if len(data) > MAX_CSV:
        raise SheetError("rows")
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            content = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise SheetError("file") from error
    first = content.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content), delimiter=separator)
    return [[cell.strip() for cell in row[:MAX_COLUMNS]] for row in reader]
