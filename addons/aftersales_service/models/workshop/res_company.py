from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_handover_precision_min = fields.Integer(
        "Hand-over precision (min)",
        default=10,
        help="A hand-over time further from now needs a reason (R-PROC-53).",
    )
    aftersales_track_interval_min = fields.Integer("Progress check every (min)", default=30)
    aftersales_track_min_hours = fields.Float(
        "Progress checks from (h)",
        default=2.0,
        help="Without a waiting customer, only longer orders are tracked.",
    )
    aftersales_inquiry_from_pct = fields.Integer("Inquiry from (%)", default=50)
    aftersales_inquiry_to_pct = fields.Integer("Inquiry until (%)", default=80)
    aftersales_sample_pct = fields.Integer(
        "Random sample (%)",
        default=0,
        help="Share of the orders that the technical director looks at once more.",
    )
    aftersales_clock_grace_min = fields.Integer(
        "Clock grace (min)",
        default=30,
        help="How long after the end of the shift a forgotten clock is stopped.",
    )
    aftersales_longest_shift = fields.Float(
        "Longest shift (h)", default=12.0, help="A clock never runs longer by itself."
    )
    aftersales_repair_warranty_days = fields.Integer(
        "Own warranty (days)",
        default=10,
        help="For work whose catalogue item names no warranty period.",
    )
    aftersales_repair_warranty_km = fields.Integer("Own warranty (km)", default=2000)

    _aftersales_workshop_positive = models.Constraint(
        """CHECK(aftersales_handover_precision_min >= 0 AND aftersales_track_interval_min > 0
           AND aftersales_track_min_hours >= 0 AND aftersales_clock_grace_min >= 0 AND aftersales_longest_shift > 0
           AND aftersales_repair_warranty_days >= 0 AND aftersales_repair_warranty_km >= 0
           AND aftersales_sample_pct BETWEEN 0 AND 100)""",
        "The workshop's settings are not negative.",
    )
    _aftersales_inquiry_range = models.Constraint(
        'CHECK(aftersales_inquiry_from_pct >= 0 AND aftersales_inquiry_from_pct < aftersales_inquiry_to_pct '
        'AND aftersales_inquiry_to_pct <= 100)',
        "The inquiry window lies between 0 and 100 % and begins before it ends.",
    )

    # === BUSINESS METHODS === #

    def _aftersales_prepare_company(self):
        """Add the numbers of inspection sheets and exit certificates."""
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence(
            'aftersales.quality.check', self.env._("Inspection Sheets"), 'QC/%(year)s%(month)s/'
        )
        return result

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        employees = (
            self.env['hr.employee'].sudo().search([('company_id', '=', self.id), ('aftersales_trade', '!=', False)])
        )
        teams = self.env['aftersales.team'].sudo().search([('company_id', '=', self.id)])
        without_user = employees.filtered(lambda employee: not employee.user_id)
        return [
            *checks,
            {
                'code': 'workshop_people',
                'name': self.env._("Technicians"),
                'ok': bool(employees),
                'message': self.env._("%(count)s technicians have a trade.", count=len(employees))
                if employees
                else self.env._("No employee has a trade. Set the trade of the technicians on their employee form."),
                'fix': None,
            },
            {
                'code': 'workshop_logins',
                'name': self.env._("Technicians' logins"),
                'ok': not without_user,
                'message': self.env._(
                    "%(names)s has no user: a team leader records the clock.",
                    names=', '.join(without_user.mapped('name')),
                )
                if without_user
                else self.env._("Every technician clocks with an own login."),
                'fix': None,
            },
            {
                'code': 'workshop_teams',
                'name': self.env._("Teams"),
                'ok': bool(teams) and all(team.member_ids for team in teams),
                'message': self.env._("%(count)s teams.", count=len(teams))
                if teams
                else self.env._("No team yet. Without teams, technicians are chosen by name on each dispatch."),
                'fix': None,
            },
            {
                'code': 'workshop_calendar',
                'name': self.env._("Working hours"),
                'ok': bool(self.resource_calendar_id),
                'message': self.env._("Clocks stop at the end of the shift.")
                if self.resource_calendar_id
                else self.env._(
                    "The company has no working hours: forgotten clocks stop after the longest shift only."
                ),
                'fix': None,
            },
        ]
