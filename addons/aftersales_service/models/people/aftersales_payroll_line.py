from decimal import Decimal

from odoo import api, fields, models

from ...rules import conduct
from ..base.errors import coded_error
from .const import CHANNEL_SIGNS, CHANNELS

#: Before tax lowers or raises what is taxed; after tax comes off what is paid out.
TAX = {'bonus': 'gross', 'performance': 'gross', 'compensation': 'net', 'fine': 'net'}


class AftersalesPayrollLine(models.Model):
    """Money of one record in one batch and channel: what is claimed, taken this month, carried to the next."""

    _name = 'aftersales.payroll.line'
    _description = "Line of a payroll batch"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'batch_id desc, employee_id, effective_from, id'
    _rec_name = 'record_id'
    _guarded_fields = frozenset({
        'batch_id', 'person_id', 'record_id', 'channel', 'tax', 'claimed_amount', 'amount', 'carried_amount', 'effective_from',
        'state', 'paid_on',
    })

    batch_id = fields.Many2one('aftersales.payroll.batch', required=True, readonly=True, ondelete='cascade', index=True)
    batch_state = fields.Selection(related='batch_id.state', string="State of the batch")
    month = fields.Date(related='batch_id.month', store=True, precompute=True)
    company_id = fields.Many2one(related='batch_id.company_id', store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    person_id = fields.Many2one('aftersales.payroll.person', required=True, readonly=True, ondelete='cascade', index=True)
    employee_id = fields.Many2one(related='person_id.employee_id', store=True, index=True, precompute=True)
    department_id = fields.Many2one(related='person_id.department_id', store=True, precompute=True)
    record_id = fields.Many2one('aftersales.conduct.record', string="Conduct record", required=True, readonly=True, ondelete='restrict', index=True)
    rule_id = fields.Many2one(related='record_id.rule_id', store=True, precompute=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True, index=True)
    tax = fields.Selection([('gross', "Before tax"), ('net', "After tax")], required=True, readonly=True)
    effective_from = fields.Date(readonly=True)
    claimed_amount = fields.Monetary(string="Open", readonly=True)
    amount = fields.Monetary(string="This month", readonly=True)
    carried_amount = fields.Monetary(string="Carried over", readonly=True)
    state = fields.Selection([('open', "Handed over or open"), ('paid', "Paid or deducted")], default='open', required=True, readonly=True)
    paid_on = fields.Date(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('PPL-40', self.env._("Lines are collected by the batch."))
        return super().create(vals_list)

    def _signed_amount(self):
        """Return what the person receives (+) or gives (−) by this line."""
        self.ensure_one()
        return self.amount * CHANNEL_SIGNS[self.channel]

    def _stale(self):
        """Return the lines whose record says something else than when the line was collected."""
        claims = self.sudo().record_id._open_amounts()
        return self.filtered(lambda line: (
            line.sudo().record_id.state not in ('effective', 'handed_over', 'closed')
            or line.currency_id.compare_amounts(claims[line.sudo().record_id][line.channel], line.claimed_amount)
        ))

    def _spread(self, person):
        """Take from one person what his month can bear: fines first come off what may be taken, then compensation.

        Called as superuser with all capped lines of the person. Negative claims (money given back) always pass.

        :param person: aftersales.payroll.person.
        """
        unit = person.currency_id.rounding
        base, minimum = round(person.wage_base / unit), round(person.minimum_wage / unit)

        def claims_of(lines):
            # A decision that was cancelled after the payroll took it has no day any more: it only gives money back.
            return [
                conduct.Claim(line.effective_from or line.batch_id.cutoff_on, max(0, round(line.claimed_amount / unit)))
                for line in lines
            ]

        fines = self.filtered(lambda line: line.channel == 'fine')
        fine_claims = claims_of(fines)
        fine_parts = conduct.deduct(fine_claims, max(0, base - minimum))
        fined = sum(part.taken for part in fine_parts)
        others = self - fines
        percent = Decimal(str(person.company_id.aftersales_max_deduction_pct))
        parts = conduct.deduct(claims_of(others), conduct.bearable(base, percent, minimum + fined))
        for line, part in zip([*fines, *others], [*fine_parts, *parts], strict=True):
            taken = line.claimed_amount if line.claimed_amount < 0 else person.currency_id.round(part.taken * unit)
            line._guarded().write({'amount': taken, 'carried_amount': person.currency_id.round(line.claimed_amount - taken)})
        person._guarded().write({
            'compensation_claimed': sum(others.mapped('claimed_amount')),
            'compensation_taken': sum(others.mapped('amount')),
        })
