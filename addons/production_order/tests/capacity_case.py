"""Work centres for tests of capacity."""

from odoo import Command

from .common import ProductionCase


class CapacityCase(ProductionCase):
    """:class:`ProductionCase` with a work centre that works 8 hours every day, lunch apart, in a
    company whose promises respect capacity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.supply_capacity = True
        cls.calendar = cls.make_calendar("每天", (8, 12), (13, 17))
        cls.lathe = cls.centre("车床")

    @classmethod
    def make_calendar(cls, name, *hours, days=range(7), **values):
        """Working hours of each day, ``(from, to)``, with the lunch between the first two."""
        periods = [(start, end, "morning") for start, end in hours]
        if len(hours) == 2 and hours[0][1] < hours[1][0]:
            periods.append((hours[0][1], hours[1][0], "lunch"))
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": "Asia/Shanghai",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": name,
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        }
                    )
                    for day in days
                    for start, end, period in periods
                ],
                **values,
            }
        )

    @classmethod
    def centre(cls, name, **values):
        return cls.env["mrp.workcenter"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "resource_calendar_id": cls.calendar.id,
                "time_start": 0,
                "time_stop": 0,
                **values,
            }
        )

    @classmethod
    def made(cls, name, lead, *operations, components=(), **values):
        """A product made in ``lead`` days by ``(work centre, minutes for one)``."""
        product = cls.make_product(name, **values)
        cls.bom(
            product,
            lead,
            *components,
            operation_ids=[
                Command.create(
                    {
                        "name": f"{name} {number}",
                        "workcenter_id": centre.id,
                        "time_cycle_manual": minutes,
                        "sequence": number,
                    }
                )
                for number, (centre, minutes) in enumerate(operations, 1)
            ],
        )
        return product

    def refresh(self):
        self.planner.sudo()._refresh_capacity(self.company)

    def minutes(self, centre, *offsets):
        """Minutes that a work centre works on days from today."""
        first = self.today.toordinal()
        days = centre._supply_minutes(first, first + max(offsets), "Asia/Shanghai")[centre.id]
        return [days.get(first + offset, 0) for offset in offsets]

    def load(self, centre, field):
        """The sum of a field over all weeks of a work centre."""
        rows = self.env["supply.load"].search([("workcenter_id", "=", centre.id)])
        return round(sum(rows.mapped(field)), 2)

    def jobs(self, product):
        """``[(work centre, start, end, finish by capacity, delay)]`` as offsets from today."""
        found = self.env["supply.job"].search([("product_id", "=", product.id)])
        return [
            (
                job.workcenter_id.name or None,
                self.offset(job.start_date),
                self.offset(job.end_date),
                self.offset(job.capacity_date),
                job.delay_days,
            )
            for job in found
        ]

    def promise(self, order):
        line = order.order_line
        return self.offset(line.promise_date), line.promise_late_days, line.promise_data[0]

    def stored_capacity(self):
        """Load, jobs and promises of the company as texts."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT l::text FROM supply_load l WHERE company_id = %(id)s"
            " UNION ALL SELECT j::text FROM supply_job j WHERE company_id = %(id)s"
            " UNION ALL SELECT concat_ws(' ', s.id, promise_date, promise_late_days, promise_data)"
            " FROM sale_order_line s WHERE company_id = %(id)s",
            {"id": self.company.id},
        )
        return sorted(row[0] for row in self.env.cr.fetchall())
