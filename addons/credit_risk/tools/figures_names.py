"""Fields of ``credit.account`` that show its figures: computed together, forgotten together."""

FIGURES = (
    "receivable",
    "delivered_not_invoiced",
    "open_orders",
    "draft_invoices",
    "bills",
    "exposure",
    "effective_limit",
    "is_unlimited",
    "available",
    "excess",
    "overdue_amount",
    "overdue_days",
    "is_over_limit",
    "is_overdue",
    "is_locked",
)
