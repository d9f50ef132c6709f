"""Installing takes over the limits that Odoo's own field holds; uninstalling gives them back.

The hooks also restore the write rights on sales orders that the addon takes from accountants
and warehouse workers.
"""

from odoo.tools import SQL

# Odoo lets accountants and warehouse users write on sales orders; we keep them reading only.
SALES_ACCESS_ROWS = (
    "sale.access_sale_order_invoicing_payments",
    "sale.access_sale_order_accountant",
    "sale.access_sale_order_line_invoicing_payments",
    "sale.access_sale_order_line_accountant",
    "sale_stock.access_sale_order_stock_worker",
    "sale_stock.access_sale_order_line_stock_worker",
)


LIMIT_FIELD = "res.partner.credit_limit"


def pre_init_hook(env):
    """Tell the registry that the limit is no column of the partner any more.

    Odoo's column stays untouched (uninstalling fills it again), but without this the registry
    would turn our computed field back into a company-dependent one.
    """
    env.registry._database_company_dependent_fields.discard(LIMIT_FIELD)
    model, __, name = LIMIT_FIELD.rpartition(".")
    env.cr.execute(
        SQL(
            "UPDATE ir_model_fields SET company_dependent = FALSE WHERE model = %s AND name = %s",
            model,
            name,
        )
    )


def post_init_hook(env):
    """Make an account for each customer that has a limit of his own in Odoo's field."""
    env.flush_all()
    env.execute_query(
        SQL(
            """
            INSERT INTO credit_account
                   (partner_id, company_id, limit_kind, limit_amount, version)
            SELECT p.id, c.id, 'limited', (p.credit_limit ->> c.id::text)::numeric, 0
              FROM res_partner p
              JOIN res_company c ON p.credit_limit ? c.id::text
             WHERE p.commercial_partner_id = p.id
               AND (p.credit_limit ->> c.id::text)::numeric > 0
            ON CONFLICT DO NOTHING
            RETURNING id
            """
        )
    )
    env["res.company"].sudo().search([])._adopt_default_credit_limit()


def uninstall_hook(env):
    """Give back Odoo's limit field its values and the other departments their write rights."""
    env.flush_all()
    env.execute_query(
        SQL(
            """
            UPDATE res_partner p
               SET credit_limit = COALESCE(p.credit_limit, '{}'::jsonb)
                                  || jsonb_build_object(a.company_id::text, a.limit_amount)
              FROM credit_account a
             WHERE a.partner_id = p.id
               AND a.limit_kind = 'limited'
            RETURNING p.id
            """
        )
    )
    for name in SALES_ACCESS_ROWS:
        row = env.ref(name, raise_if_not_found=False)
        if row:
            row.perm_write = True
