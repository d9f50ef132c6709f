"""The screens that people work in all day, for pictures and for the time they take."""

from dataclasses import dataclass

ROWS = ".o_list_view .o_data_row, .o_list_view .o_group_header, .o_view_nocontent"


@dataclass(frozen=True)
class Screen:
    """``path`` is the action's own; or ``record`` is a model and a domain whose first record is
    shown as a form, or by the client action ``tag``. ``ready`` is there when the screen can be
    used; ``clicks`` are made before the picture."""

    name: str
    login: str
    path: str = ""
    record: tuple = ()
    tag: str = ""
    ready: str = ".o_action_manager .o_view_controller"
    clicks: tuple = ()
    size: str = "desktop"


SCREENS = (
    Screen(
        "quotation",
        "sales",
        record=("sale.order", [["state", "in", ["draft", "sent"]]]),
        ready=".o_form_view .o_data_row",
    ),
    Screen(
        "warehouse-today", "warehouse", "warehouse-today", ready=".o_today_counter", size="tablet"
    ),
    Screen("purchase-plan", "planner", "purchase-plan", ready=ROWS),
    Screen("production-plan", "planner", "production-plan", ready=ROWS),
    Screen("production-by-work-centre", "planner", "production-by-work-centre", ready=ROWS),
    Screen("work-centre-load", "planner", "work-centre-load"),
    Screen("load-by-week", "planner", "load-by-week"),
    Screen("can-start", "production", "can-start", size="tablet"),
    Screen("waiting-for-parts", "production", "waiting-for-parts", ready=ROWS),
    Screen(
        "peg-picture",
        "planner",
        record=(
            "sale.order",
            [["state", "=", "sale"], ["order_line.supply_peg_ids.supply", "=", "plan"]],
        ),
        tag="inventory_link.peg_picture",
        ready=".o_peg_picture[data-drawn] svg",
    ),
    Screen("shortages", "planner", "shortages", ready=ROWS),
    Screen("vendor-performance", "planner", "vendor-performance"),
    Screen("slow-stock", "planner", "slow-stock", ready=ROWS),
    Screen("receipts-shipments", "warehouse", "receipts-shipments"),
    Screen("delivery-risk", "planner", "delivery-risk"),
    Screen("on-time-delivery", "planner", "on-time-delivery"),
)
