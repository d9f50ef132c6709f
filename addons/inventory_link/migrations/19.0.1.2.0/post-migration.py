"""Orders from before promises were remembered: what the plan says today is their promise."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE sale_order_line l
           SET promised_date = GREATEST(l.promise_date, timezone(
                   COALESCE(p.tz, 'UTC'), timezone('UTC', o.commitment_date))::date),
               promise_claim_date = l.promise_date - COALESCE(c.security_lead, 0)::int
          FROM sale_order o
          JOIN res_company c ON c.id = o.company_id
          JOIN res_partner p ON p.id = c.partner_id
         WHERE o.id = l.order_id AND o.state = 'sale'
           AND l.promise_date IS NOT NULL AND l.promised_date IS NULL
        """
    )
