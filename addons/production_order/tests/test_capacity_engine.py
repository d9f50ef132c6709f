from time import perf_counter

from odoo.tests import BaseCase, tagged

from ..engine.capacity import DAY, Centre, Job, Loading, Operation

MONDAY = 739_000 - (739_000 - 1) % 7


def centre(number=1, minutes=480, weeks=53):
    """Open Monday to Friday."""
    first, last = MONDAY, MONDAY + 7 * weeks - 1
    days = {day: minutes for day in range(first, last + 1) if (day - 1) % 7 < 5}
    return Centre(number, days, first, last)


def job(ref, start, due, *operations, lead=None, **values):
    """A job by offsets from Monday; operations are ``(centre, minutes)``."""
    return Job(
        ("line", ref),
        MONDAY + start,
        MONDAY + due,
        due - start if lead is None else lead,
        operations=[Operation(*values) for values in operations],
        data={"kind": "firm", "product": ref},
        **values,
    )


def load(jobs, *centres, today=0):
    loading = Loading(
        {one.id: one for one in centres}, MONDAY + today, lambda day, lead: day + lead
    )
    return loading.run(jobs)


@tagged("post_install", "-at_install")
class TestCapacityEngine(BaseCase):
    """Finite loading without a database: exact days and minutes."""

    def test_backward_into_the_days_before_it_is_due(self):
        """10 hours, due on Friday: 8 on Thursday, 2 on Wednesday; nothing is late."""
        one = centre()
        made = job(1, 1, 4, (1, 600))
        load([made], one)
        self.assertEqual(one.used, {MONDAY + 3: 480, MONDAY + 2: 120})
        self.assertEqual((made.begin, made.finish), (MONDAY + 2, MONDAY + 4))
        self.assertEqual(made.cause, ())

    def test_operations_one_after_the_other(self):
        """Two operations at two centres share a day only as far as the day has hours."""
        one, two = centre(1), centre(2)
        made = job(1, 0, 4, (1, 300), (2, 300))
        load([made], one, two)
        self.assertEqual(two.used, {MONDAY + 3: 300})
        self.assertEqual(one.used, {MONDAY + 3: 180, MONDAY + 2: 120})

    def test_forward_when_full_and_the_centre_named(self):
        """The second job finds Monday to Wednesday taken: Thursday, a day late, centre 1."""
        one = centre()
        first = job(1, 0, 3, (1, 3 * 480))
        second = job(2, 0, 3, (1, 240))
        load([second, first], one)
        self.assertEqual(first.finish, MONDAY + 3)
        self.assertEqual(second.finish, MONDAY + 3, "worked on the day itself: not late")
        third = job(3, 0, 3, (1, 480))
        fresh = centre()
        load([job(1, 0, 3, (1, 3 * 480)), job(2, 0, 3, (1, 240)), third], fresh)
        self.assertEqual(third.finish, MONDAY + 4)
        self.assertEqual(third.cause, (1, MONDAY + 3))
        self.assertEqual(third.via, (("line", 3),))

    def test_more_work_than_its_time(self):
        """Nothing else is there: it isn't the centre that is full, the work takes long."""
        made = job(1, 0, 2, (1, 4 * 480))
        load([made], centre())
        self.assertEqual(made.finish, MONDAY + 3)
        self.assertEqual(made.cause, (1, 0))

    def test_over_the_weekend(self):
        """12 hours from Friday: the rest on Monday."""
        made = job(1, 4, 5, (1, 720))
        one = centre()
        load([made], one, today=4)
        self.assertEqual(one.used, {MONDAY + 4: 480, MONDAY + 7: 240})
        self.assertEqual(made.finish, MONDAY + 7)

    def test_component_first_and_its_delay_upward(self):
        """The parent starts when its component is finished, whatever comes first in the list; the
        cause is the component's centre."""
        part = job(1, 0, 2, (1, 5 * 480))
        parent = job(2, 2, 4, (2, 240), after=[(("line", 1), MONDAY + 2)])
        load([parent, part], centre(1), centre(2))
        self.assertEqual(part.finish, MONDAY + 4)
        self.assertEqual(parent.finish, MONDAY + 6, "two days of lead time after its component")
        self.assertEqual(parent.cause, part.cause)
        self.assertEqual(parent.via, (("line", 2), ("line", 1)))

    def test_component_in_time_doesnt_matter(self):
        part = job(1, 0, 2, (1, 480))
        parent = job(2, 2, 4, (2, 240), after=[(("line", 1), MONDAY + 2)])
        load([parent, part], centre(1), centre(2))
        self.assertEqual((part.finish, parent.finish), (MONDAY + 2, MONDAY + 4))

    def test_without_operations_the_lead_time(self):
        part = job(1, 0, 2, (1, 5 * 480))
        parent = job(2, 2, 3, after=[(("line", 1), MONDAY + 2)], lead=1)
        load([parent, part], centre(1))
        self.assertEqual(parent.finish, MONDAY + 5)

    def test_subcontractor_hands_the_delay_on(self):
        part = job(1, 0, 2, (1, 5 * 480))
        parent = job(2, 2, 9, after=[(("line", 1), MONDAY + 2)], passing=True)
        load([parent, part], centre(1))
        self.assertEqual(parent.finish, MONDAY + 11)

    def test_circle_of_jobs_ends(self):
        one = job(1, 0, 2, (1, 480), after=[(("line", 2), MONDAY + 2)])
        two = job(2, 0, 2, (1, 480), after=[(("line", 1), MONDAY + 2)])
        load([one, two], centre())
        self.assertEqual({one.finish, two.finish}, {MONDAY + 2})

    def test_asked_for_as_the_plan_dates_it(self):
        """Without limit: both jobs want the same Wednesday; what is before the start is asked of
        the start."""
        loading = load([job(1, 2, 3, (1, 480)), job(2, 2, 3, (1, 480))], centre(), today=0)
        self.assertEqual(loading.wanted[1], {MONDAY + 2: {"firm": 960}})
        loading = load([job(1, 1, 3, (1, 1200))], centre())
        self.assertEqual(loading.wanted[1], {MONDAY + 2: {"firm": 480}, MONDAY + 1: {"firm": 720}})

    def test_centre_that_never_works(self):
        """It counts as open all day: nothing waits forever."""
        never = Centre(1, {}, MONDAY, MONDAY + 100)
        self.assertEqual(never.open(MONDAY + 5), DAY)

    def test_beyond_the_year_its_weeks_repeat(self):
        one = centre(weeks=8)
        self.assertEqual([one.open(MONDAY + 8 * 7 + day) for day in range(7)], [480] * 5 + [0, 0])

    def test_order_of_records_doesnt_matter(self):
        def jobs():
            return [
                job(n, n % 5, n % 5 + 3, (n % 3 + 1, 100 + 37 * n), (n % 2 + 1, 60))
                for n in range(60)
            ]

        def result(made):
            centres = [centre(1), centre(2), centre(3)]
            load(made, *centres)
            days = sorted((one.key, one.begin, one.finish, one.cause) for one in made)
            return days, [one.used for one in centres]

        self.assertEqual(result(jobs()), result(jobs()[::-1]))

    def test_two_thousand_jobs_in_a_second(self):
        """2,000 jobs of three operations at 20 centres that are full for months."""
        centres = [centre(number) for number in range(20)]
        jobs = [
            job(
                n,
                n % 60,
                n % 60 + 5,
                *[((n * 7 + step * 3) % 20, 90 + n % 300) for step in range(3)],
            )
            for n in range(2000)
        ]
        begin = perf_counter()
        load(jobs, *centres)
        self.assertLess(perf_counter() - begin, 1.0)
        self.assertEqual(
            sum(sum(one.used.values()) for one in centres),
            sum(operation.minutes for made in jobs for operation in made.operations),
        )
