from odoo import fields, models

from ..base.errors import coded_error
from .const import MANAGER_GROUPS

#: Shipped rule that takes what no other rule names.
OTHER_BREACH = 'P12'


class AftersalesConductProposal(models.Model):
    """Facts and cases of the desks: a person takes a case over into a record, or leaves it (no automatic penalties)."""

    _inherit = 'aftersales.conduct.proposal'

    record_ids = fields.One2many('aftersales.conduct.record', 'proposal_id', string="Records")

    def action_open_case(self):
        """Take the proposal over: open a record that is filled from it."""
        self.ensure_one()
        self.check_access('write')
        if self.record_ids:
            return self.record_ids[:1]._get_records_action()
        return self._open_case()._get_records_action()

    def _open_case(self, rule=None):
        """Open a record on this proposal.

        :param rule: aftersales.conduct.rule a person has chosen, taken from the version of the day of the act; else the
            one the proposal hints at.
        :return: aftersales.conduct.record.
        :raise UserError: PPL-37 no rule in force fits, PPL-15 role.
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_groups(MANAGER_GROUPS):
            raise coded_error('PPL-15', self.env._("HR and the managers open cases."))
        book = self.env['aftersales.conduct.rulebook']._at(self.company_id, self.date)
        rules = book.rule_ids.filtered(lambda rule: rule.kind == 'penalty')
        hint = (self.rule_hint or '').replace('R-PEN-', 'P')
        rule = (
            rules.filtered(lambda item: rule and item.code == rule.code)
            or rules.filtered(lambda rule: rule.code == hint)
            or rules.filtered(lambda rule: rule.code == OTHER_BREACH)
        )[:1]
        if not rule:
            raise coded_error('PPL-37', self.env._(
                "No rule of the rule book in force on %(day)s fits “%(case)s”. Publish the rules of conduct first.",
                day=self.date, case=self.summary))
        record = self.env['aftersales.conduct.record'].create({
            'employee_id': self.employee_id.id,
            'company_id': self.company_id.id,
            'rule_id': rule.id,
            'act_date': self.date,
            'discovered_on': self.date,
            'summary': self.summary,
            'loss_amount': self.amount,
            'loss_basis': 'residual',
        })
        record._guarded().write({'proposal_id': self.id, 'res_model': self.res_model, 'res_id': self.res_id})
        if self.state == 'new':
            self._decide('taken')
        return record._unguarded()
