from odoo import api, fields, models
from odoo.fields import Domain

WAITS = [
    ('investigate', "To look into"),
    ('hear', "To hear"),
    ('decide', "To decide"),
    ('approve', "To approve"),
    ('notify', "To tell"),
    ('acknowledge', "Not acknowledged yet"),
    ('object', "Time to object runs"),
    ('review', "In review"),
    ('appeal', "In appeal"),
    ('ready', "Ready for the payroll"),
    ('carried', "Carried over"),
    ('running', "In effect"),
    ('done', "Done"),
]
#: Which of them keep money out of the payroll, although it is decided.
BLOCKED = ('approve', 'notify', 'acknowledge', 'object', 'review', 'appeal')


class AftersalesConductRecord(models.Model):
    """What a record waits for, and until when: the clock of HR's desk, and why money is not ready yet.

    A projection like the state, written by `_advance()` with it, so that lists and analyses of thousands need no
    computing of working days.
    """

    _inherit = 'aftersales.conduct.record'

    hold = fields.Selection(WAITS, string="Waits for", readonly=True, copy=False, index=True)
    deadline_on = fields.Date(string="Until", readonly=True, copy=False, index=True, help="Last day of the step it waits for.")
    team_id = fields.Many2one(
        'aftersales.team', compute='_compute_team_id', store=True, compute_sudo=True, index='btree_not_null',
        help="Team of the person on the day of the proposal.")

    @api.depends('employee_id')
    def _compute_team_id(self):
        asked = self.filtered(lambda record: not record.team_id)
        teams = self.env['aftersales.team'].sudo().search([('member_ids', 'in', asked.employee_id.ids)], order='id')
        for record in asked:
            # Kept like the department: who changes teams takes no records along.
            record.team_id = teams.filtered(lambda team, record=record: (
                record.employee_id in team.member_ids and team.company_id == record.company_id))[:1]

    def _waiting(self, state):
        """Return what the record waits for in a state, with the last day for it.

        :param str state: as projected, perhaps not written yet.
        :rtype: dict  hold, deadline_on (date or False)
        """
        self.ensure_one()
        hold = {
            'proposed': 'decide' if self.kind == 'reward' else 'investigate', 'investigated': 'hear', 'heard': 'decide',
            'review': 'review', 'appeal': 'appeal',
        }.get(state, 'done')
        if state == 'decided':
            hold = 'approve' if self._needs_approval() and not self.approved_at else 'notify'
        elif state == 'notified':
            hold = 'object' if self.acknowledged_at else 'acknowledge'
        elif state == 'effective':
            hold = 'running'
            if self._has_money():
                hold = 'carried' if self._is_in_payroll() else 'ready'
        return {'hold': hold, 'deadline_on': self._deadline(hold)}

    def _deadline(self, hold):
        """Return the last day of what the record waits for; False where there is none."""
        match hold:
            case 'investigate' | 'approve':
                return fields.Date.add(self.discovered_on, days=self.company_id.aftersales_decide_days)
            case 'decide' if self.kind == 'penalty':
                return fields.Date.add(self.discovered_on, days=self.company_id.aftersales_decide_days)
            case 'hear':
                return self.hearing_until
            case 'object':
                return self._objection_until()
            case 'review' | 'appeal':
                return self.review_ids.filtered(lambda review: not review.decided_at)[:1].answer_until
            case 'running':
                return self.period_to
        return False

    @api.model
    def _blocked_domain(self):
        """Return the domain of decided money that the payroll cannot have yet."""
        return Domain('hold', 'in', BLOCKED) & Domain('amount_total', '!=', 0)
