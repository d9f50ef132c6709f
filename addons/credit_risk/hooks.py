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
    """Make an account for each customer that has a limit of his own in Odoo's field.

    In Odoo an explicit 0 means "no limit" and a value equal to the default is the default.
    """
    env["res.company"].sudo().search([])._adopt_default_credit_limit()
    env.flush_all()
    env.execute_query(
        SQL(
            """
            INSERT INTO credit_account
                   (partner_id, company_id, currency_id, limit_kind, limit_amount, version)
            SELECT p.id, c.id, c.currency_id,
                   CASE WHEN own.amount > 0 THEN 'limited' ELSE 'unlimited' END,
                   GREATEST(0, own.amount), 0
              FROM res_partner p
              JOIN res_company c ON p.credit_limit ? c.id::text
              CROSS JOIN LATERAL (
                    SELECT (p.credit_limit ->> c.id::text)::numeric AS amount,
                           CASE WHEN c.credit_default_limit_kind = 'limited'
                                THEN COALESCE(c.credit_default_limit, 0) ELSE 0 END AS usual
                   ) own
             WHERE p.commercial_partner_id = p.id
               AND own.amount <> own.usual
            ON CONFLICT DO NOTHING
            RETURNING id
            """
        )
    )


def uninstall_hook(env):
    """Give back Odoo's limit field its values and the other departments their write rights.

    There 0 means "no limit": an unlimited customer gets 0, one without any credit the smallest
    amount of the currency, and whoever follows the default no value of his own.
    """
    env.flush_all()
    _give_back_defaults(env)
    env.execute_query(
        SQL(
            """
            UPDATE res_partner p
               SET credit_limit = COALESCE(p.credit_limit, '{}'::jsonb)
                                  || given.amounts
              FROM (SELECT a.partner_id,
                           jsonb_object_agg(
                               a.company_id::text,
                               CASE WHEN a.limit_kind = 'unlimited' THEN 0
                                    WHEN a.limit_amount > 0 THEN a.limit_amount
                                    ELSE power(10::numeric, -cur.decimal_places) END) AS amounts
                      FROM credit_account a
                      JOIN res_company c ON c.id = a.company_id
                      JOIN res_currency cur ON cur.id = c.currency_id
                     WHERE a.limit_kind <> 'default'
                     GROUP BY a.partner_id) given
             WHERE given.partner_id = p.id
            RETURNING p.id
            """
        )
    )
    env.execute_query(
        SQL(
            """
            UPDATE res_partner p
               SET credit_limit = p.credit_limit - given.companies
              FROM (SELECT a.partner_id, array_agg(a.company_id::text) AS companies
                      FROM credit_account a
                     WHERE a.limit_kind = 'default'
                     GROUP BY a.partner_id) given
             WHERE given.partner_id = p.id AND p.credit_limit IS NOT NULL
            RETURNING p.id
            """
        )
    )
    _give_back_foreign(env)
    for name in SALES_ACCESS_ROWS:
        row = env.ref(name, raise_if_not_found=False)
        if row:
            row.perm_write = True


def _give_back_foreign(env):
    """Odoo's limits are in the company's currency: those in another one at today's rate."""
    accounts = env["credit.account"].sudo().search([("limit_kind", "=", "limited")])
    for account in accounts.filtered(lambda rec: rec.currency_id != rec.company_id.currency_id):
        company = account.company_id
        amount = account._limit_in(company.currency_id) or company.currency_id.rounding
        env.execute_query(
            SQL(
                "UPDATE res_partner SET credit_limit = credit_limit"
                " || jsonb_build_object(%s, %s::numeric) WHERE id = %s RETURNING id",
                str(company.id),
                str(amount),
                account.partner_id.id,
            )
        )


def _give_back_defaults(env):
    """Write the companies' default limits where Odoo's own setting keeps them."""
    defaults = env["ir.default"].sudo()
    for company in env["res.company"].sudo().search([]):
        limited = company.credit_default_limit_kind == "limited"
        amount = company.credit_default_limit if limited else 0.0
        kept = defaults.with_company(company)._get_model_defaults("res.partner")
        if amount != (kept.get("credit_limit") or 0.0):
            defaults.set("res.partner", "credit_limit", amount, company_id=company.id)
