"""What waits for people: follow-ups on customers and orders, warnings about receivables."""

from odoo.tools import SQL


def make_activities(demo):
    """Activities, the pool history on its true dates, and the daily jobs once."""
    _make_follow_ups(demo)
    demo.env["receivable.warning"]._cron_warn()
    _date_pool_history(demo)


def _make_follow_ups(demo):
    if demo.ref("activity_Q01"):
        return
    todo = "mail.mail_activity_data_todo"
    call = "mail.mail_activity_data_call"
    follow_ups = (
        ("order_Q01", call, 0, "确认报价技术参数"),
        ("order_Q02", call, -1, "跟进报价反馈"),
        ("order_Q03", todo, 2, "Send drawing with mounting dimensions"),
        ("customer_C27", call, -3, "老客户回访：一年未下单"),
        ("customer_C28", call, 4, "老客户回访：一年未下单"),
        ("customer_C10", call, 0, "催收逾期 120 天货款"),
        ("order_P06", todo, 1, "与客户确认分批交货"),
    )
    for key, kind, days, summary in follow_ups:
        record = demo.ref(key)
        user = record.user_id or demo.user("manager")
        if key == "customer_C10":
            user = demo.user("finance")
        activity = record.activity_schedule(kind, demo.day(days), summary, user_id=user.id)
        demo.remember([(f"activity_{key.split('_')[1]}", activity)])


def _date_pool_history(demo):
    """Move customers as the rules say and give each move the date of what caused it.

    The rules look at today only, so a year of moves would all stand at the day of loading. A
    customer became won with his first paid invoice of the year, not with the latest one.
    """
    if demo.ref("pool_by_hand"):
        return
    demo.env["customer.pool"]._classify()
    demo.env.flush_all()
    demo.env.cr.execute(
        SQL(
            """
            WITH fact AS (
                SELECT m.id, m.partner_id,
                       COALESCE((SELECT min(i.invoice_date) FROM account_move i
                                  WHERE m.fact_model = 'account.move'
                                    AND i.commercial_partner_id = m.partner_id
                                    AND i.move_type = 'out_invoice' AND i.state = 'posted'
                                    AND i.payment_state IN ('paid', 'in_payment')
                                    AND i.invoice_date > current_date - 365),
                                o.date_order::date, l.create_date::date) AS date
                  FROM customer_pool_move m
                  JOIN res_partner p ON p.id = m.partner_id AND p.company_id = %(company)s
                  LEFT JOIN sale_order o ON m.fact_model = 'sale.order' AND o.id = m.fact_id
                  LEFT JOIN crm_lead l ON m.fact_model = 'crm.lead' AND l.id = m.fact_id
            ), dated AS (
                UPDATE customer_pool_move m
                   SET date = f.date + interval '2 hours'
                  FROM fact f WHERE f.id = m.id AND f.date IS NOT NULL
             RETURNING m.partner_id, m.to_pool, m.date)
            UPDATE res_partner p
               SET customer_pool_since = d.date::date
              FROM dated d
             WHERE p.commercial_partner_id = d.partner_id AND p.customer_pool = d.to_pool
            """,
            company=demo.company.id,
        )
    )
    demo.env.invalidate_all()
    customer = demo.ref("customer_C30")
    demo.acting(customer, "manager").action_move_pool("target", "展会上确认了明年的采购计划")
    demo.remember([("pool_by_hand", customer.customer_pool_move_ids[:1])])
