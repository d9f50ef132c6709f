from . import (
    product_product,
    product_template,
    purchase_order,
    sale_order,
    sale_order_line,
    supply_peg,
    supply_peg_cards,
    supply_plan_line,
)
