"""From a netted plan to the rows of pegs and to the promises of order lines."""

from datetime import date

from .dates import NEVER
from .netting import TENTATIVE
from .rows_lines import reason
from .texts import FALSE, NULL, TRUE, Quantities, Texts, document

PEG_COLUMNS = {
    "product_id": "int4",
    "warehouse_id": "int4",
    "supply": "varchar",
    "safety": "bool",
    "tentative": "bool",
    "sale_line_id": "int4",
    "plan_line_id": "int4",
    "move_id": "int4",
    "purchase_line_id": "int4",
    "forecast_id": "int4",
    "substitute_for_id": "int4",
    "substitute_quantity": "numeric",
    "supply_plan_line_id": "int4",
    "supply_purchase_line_id": "int4",
    "supply_move_id": "int4",
    "quantity": "numeric",
    "date": "date",
    "feasible_date": "date",
    "earliest_date": "date",
    "claim_date": "date",
    "driver_data": "jsonb",
}


def peg_texts(scope, extra):
    """All takes as the text of their rows; nothing takes twice from the same supply.

    The reason is kept for order lines, and for what comes late.
    """
    with_production = "production_id" in extra
    quantity, day = Quantities(scope.scale), Texts()
    result = []
    for (wid, pid), item in scope.items.items():
        for demand in item.demands:
            if not demand.takes:
                continue
            needs = _demand_text(demand, quantity)
            due, wanted = demand.due, day[demand.wanted]
            claim = day[demand.turn] if demand.claim else NULL
            for supply, units in demand.takes:
                feasible, early = supply.feasible, supply.earliest
                told = supply.driver and (not feasible or feasible > due or demand.kind == "sale")
                text = (
                    f"{pid}\t{wid}\t{supply.kind}\t{needs}\t{_supply_text(supply)}\t"
                    f"{quantity[units]}\t{wanted}\t{day[feasible]}\t"
                    f"{day[early] if due < early < NEVER else NULL}\t{claim}\t"
                    f"{document(reason(supply.driver)) if told else NULL}"
                )
                if with_production:
                    text += (
                        f"\t{demand_ref(demand) if demand.kind == 'production' else NULL}"
                        f"\t{supply.ref if supply.kind == 'production' else NULL}"
                    )
                result.append(text)
    return result


def _demand_text(demand, quantity):
    kind, ref = demand.kind, demand_ref(demand)
    sale = ref if kind == "sale" else NULL
    plan = ref if kind == "plan" else NULL
    move = ref if kind == "move" else NULL
    purchase = (ref if kind == "purchase" else demand.purchase) or NULL
    forecast = ref if kind == "forecast" else NULL
    other = (
        f"{demand.instead_of}\t{quantity[demand.instead_qty]}"
        if demand.instead_of
        else f"{NULL}\t{NULL}"
    )
    return (
        f"{TRUE if kind == 'safety' else FALSE}\t"
        f"{TRUE if demand.rank == TENTATIVE or demand.soft else FALSE}\t"
        f"{sale}\t{plan}\t{move}\t{purchase}\t{forecast}\t{other}"
    )


def _supply_text(supply):
    kind, ref = supply.kind, supply.ref
    if kind == "plan":
        return f"{ref}\t{NULL}\t{NULL}"
    if kind == "purchase":
        return f"{NULL}\t{ref}\t{NULL}"
    if kind == "transfer":
        return f"{NULL}\t{NULL}\t{ref}"
    return f"{NULL}\t{NULL}\t{NULL}"


def demand_ref(demand):
    """Id of the record that demands; a plan line's is known once it is stored."""
    return demand.owner.ref if demand.owner is not None else demand.ref


def promise_rows(stored):
    """Changed promises of sale order lines from :func:`reads_plan.sale_line_dates`."""
    for row in stored:
        line, wanted, feasible, driver, security, old_date, old_late, old_reason, cancelled = row
        if wanted is None:
            if not cancelled or old_date is None:
                continue
            new = (None, 0, None)
        elif feasible is None:
            new = (None, 0, driver or ["none", None, None])
        else:
            late = max(0, (feasible - wanted).days)
            shown = date.fromordinal(max(wanted, feasible).toordinal() + security)
            new = (shown, late, driver or ["stock", None, None])
        if new != (old_date, old_late or 0, old_reason):
            yield (line, *new)
