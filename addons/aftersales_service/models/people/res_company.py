from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

from .const import HR_OFFICER


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_hearing_days = fields.Integer(
        string="Days to be heard", default=2, help="Working days in which a person may state his view before a decision.")
    aftersales_review_days = fields.Integer(string="Days to ask for a review", default=5, help="Working days (R-RP-06).")
    aftersales_appeal_days = fields.Integer(string="Days to appeal", default=5, help="Working days (R-RP-07).")
    aftersales_answer_days = fields.Integer(string="Days to answer an objection", default=5, help="Working days.")
    aftersales_decide_days = fields.Integer(
        string="Days to decide", default=30, help="Calendar days from discovery to decision; older matters lapse.")
    aftersales_max_deduction_pct = fields.Float(
        string="Compensation at most (% of the month's wage)", default=20.0,
        help="By the rule on wage payment a month's wage bears 20 % at most, and the minimum wage stays (R-RP-15).")
    aftersales_review_suspends = fields.Boolean(
        string="Objections suspend the effect", default=True, help="Nothing is deducted while the person may still object.")

    _aftersales_conduct_days = models.Constraint(
        'CHECK(aftersales_hearing_days >= 0 AND aftersales_review_days >= 1 AND aftersales_appeal_days >= 1 '
        'AND aftersales_answer_days >= 1 AND aftersales_decide_days >= 1)',
        "Everybody has at least a day to object, to appeal and to answer.",
    )

    # === BUSINESS METHODS === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence('aftersales.conduct.record', self.env._("Conduct records"), 'RP%(year)s%(month)s')
        return result

    def _aftersales_workdays_after(self, day, number):
        """Return the day on which so many working days after a day have passed, by the company's calendar.

        :param datetime.date day: the day before the first one that counts.
        :param int number: working days; 0 gives the day itself.
        :rtype: datetime.date
        """
        self.ensure_one()
        if number <= 0:
            return day
        calendar = self.sudo().resource_calendar_id
        tz = self._aftersales_workday_tz()
        start = tz.localize(datetime.combine(day + timedelta(days=1), time.min))
        end = calendar.plan_days(number, start, compute_leaves=True) if calendar else False
        if end:
            return (end.astimezone(tz) if end.tzinfo else pytz.utc.localize(end).astimezone(tz)).date()
        while number:
            day += timedelta(days=1)
            number -= day.weekday() < 5
        return day

    def _aftersales_setup_checks(self):
        """Add: rules of conduct in force, and signed for."""
        checks = super()._aftersales_setup_checks()
        self.ensure_one()
        books = self.env['aftersales.conduct.rulebook'].sudo()
        book = books._at(self, self._aftersales_today())
        checks.append({
            'code': 'PPL-S1',
            'name': self.env._("Rules of conduct"),
            'ok': bool(book),
            'message': self.env._("%(book)s is in force.", book=book.display_name) if book else self.env._(
                "No rule book is in force: rewards and penalties need one. Take the shipped rules, adapt them, enter the day "
                "of adoption and publication, publish."),
            'fix': None if book or books.search_count([('company_id', '=', self.id)], limit=1)
            else '_aftersales_draft_rulebook',
        })
        return checks

    def _aftersales_draft_rulebook(self):
        """Make the company's first draft from the shipped rules; people adopt and publish it.

        :rtype: recordset of aftersales.conduct.rulebook
        """
        self.ensure_one()
        if not self.env.user.has_group(HR_OFFICER):
            self._aftersales_ensure_manager()
        return self.env.ref('aftersales_service.conduct_rulebook_shipped').sudo().copy({'company_id': self.id})
