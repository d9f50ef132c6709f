"""How ledger entries are written, sealed and checked. ``scripts/verify-ledger`` repeats the
rules of this module without Odoo: change both or neither."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

FORMAT = "tradeworks-ledger"
FORMAT_VERSION = 1
GENESIS = "0" * 64  # previous hash of a company's first entry
MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
ENTRY_KEYS = ("id", "sequence", "kind", "payload", "previous_hash", "hash", "created", "user")


def _plain(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} can't be written to the ledger")


def canonical(value):
    """The one way to write ``value`` as JSON: sorted keys, no blanks, no escaped characters.

    :raise ValueError: infinite numbers, keys or values that JSON doesn't know, broken Unicode
    """
    try:
        text = json.dumps(
            value,
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
            default=_plain,
        )
        text.encode()
    except (TypeError, ValueError) as error:
        raise ValueError(f"Not fit for the ledger: {error}") from error
    return text


def entry_hash(company_id, sequence, kind, payload, previous_hash):
    """SHA-256 (hexadecimal) over everything that an entry says and the hash before it."""
    sealed = {
        "company": company_id,
        "kind": kind,
        "payload": payload,
        "previous_hash": previous_hash,
        "sequence": sequence,
    }
    return hashlib.sha256(canonical(sealed).encode()).hexdigest()


def check(company_id, rows, head):
    """Walk one company's entries in order of their numbers.

    :param rows: tuples in the order of ``ENTRY_KEYS``
    :param head: ``(sequence, hash)`` of the newest entry, None if there never was one
    :return: number of entries walked, and the id of the first broken one (None if all is
        well, False if it has no id because no entry is left)
    """
    count, last_id, previous = 0, False, GENESIS
    broken = None
    for row in rows:
        entry = dict(zip(ENTRY_KEYS, row, strict=True))
        count += 1
        if broken is None and not _fits(company_id, entry, count, previous):
            broken = entry["id"]
        last_id, previous = entry["id"], entry["hash"]
    if broken is None and (count, previous) != (head or (0, GENESIS)):
        broken = last_id
    return count, broken


def _fits(company_id, entry, sequence, previous_hash):
    if entry["sequence"] != sequence or entry["previous_hash"] != previous_hash:
        return False
    expected = entry_hash(
        company_id, sequence, entry["kind"], entry["payload"], entry["previous_hash"]
    )
    if entry["hash"] != expected:
        return False
    payload = json.loads(entry["payload"])  # sealed, so it is what canonical() wrote
    moment = datetime.strptime(payload["at"], MOMENT_FORMAT).replace(microsecond=0)
    return payload["by"]["id"] == entry["user"] and moment == entry["created"]


def export_heading(chains):
    """First line of an export."""
    return canonical({"format": FORMAT, "version": FORMAT_VERSION, "chains": chains})


def export_line(company_id, row):
    """An entry's line of an export."""
    entry = dict(zip(ENTRY_KEYS, row, strict=True))
    keys = ("id", "sequence", "kind", "payload", "previous_hash", "hash")
    return canonical({"company": company_id} | {key: entry[key] for key in keys})


def readable(payload):
    """The payload for people: indented, or as it is when somebody has broken it."""
    try:
        return json.dumps(json.loads(payload or "{}"), ensure_ascii=False, indent=2)
    except ValueError:
        return payload


def summary(payload):
    """What was recorded, in one line without author and time."""
    try:
        data = json.loads(payload or "{}")["data"]
    except (ValueError, KeyError, TypeError):
        return payload
    if not isinstance(data, dict):
        return str(data)
    return " · ".join(f"{key}: {value}" for key, value in data.items())
