from odoo import fields, models

from .const import CHANNELS


class AftersalesConductRecord(models.Model):
    """What of a record the payroll has had."""

    _inherit = 'aftersales.conduct.record'
    _guarded_fields = frozenset({'is_settled', 'is_overpaid'})

    payroll_line_ids = fields.One2many('aftersales.payroll.line', 'record_id', string="Payroll", readonly=True)
    is_settled = fields.Boolean(readonly=True, copy=False, index=True, help="The payroll has all of its money.")
    is_overpaid = fields.Boolean(readonly=True, copy=False, help="A review lowered it after the payroll: the difference goes back.")
    has_carried = fields.Boolean(compute='_compute_has_carried', string="Carried over")

    def _compute_has_carried(self):
        claims = self._open_amounts()
        for record in self:
            record.has_carried = record.state == 'effective' and any(claims[record].values()) and bool(record.payroll_line_ids)

    def _open_amounts(self):
        """Return what the payroll still has to take or give.

        :return: {record: {channel: amount}}, negative where too much was taken.
        :rtype: dict
        """
        had = {
            (record.id, channel): amount for record, channel, amount in
            self.env['aftersales.payroll.line'].sudo()._read_group(
                [('record_id', 'in', self.ids), ('batch_id.state', '=', 'locked')], ['record_id', 'channel'], ['amount:sum'])
        }
        return {
            record: {
                channel: record.currency_id.round(record[f'{channel}_amount'] - had.get((record.id, channel), 0.0))
                for channel, _label in CHANNELS
            } for record in self
        }

    def _own_payroll_lines(self):
        """Return the lines the person concerned may see: of batches shown or handed over."""
        return self.payroll_line_ids.filtered(lambda line: line.batch_state in ('preview', 'locked')).sorted('month')

    def _is_handed_over(self):
        return self.is_settled and self._has_money() and bool(self.effective_from) or super()._is_handed_over()

    def _is_in_payroll(self):
        return bool(self.sudo().payroll_line_ids.filtered(lambda line: line.batch_state == 'locked')) or super()._is_in_payroll()

    def _after_payroll(self):
        """Bring the records to what the payroll has had: handed over, open again, closed when all is paid."""
        records = self.sudo()
        claims = records._open_amounts()
        settled = records.filtered(lambda record: record._has_money() and not any(claims[record].values()))
        settled.filtered(lambda record: not record.is_settled)._guarded().write({'is_settled': True})
        (records - settled).filtered('is_settled')._guarded().write({'is_settled': False})
        over = records.filtered(lambda record: any(amount < 0 for amount in claims[record].values()))
        over.filtered(lambda record: not record.is_overpaid)._guarded().write({'is_overpaid': True})
        (records - over).filtered('is_overpaid')._guarded().write({'is_overpaid': False})
        paid = settled.filtered(lambda record: not record.closed_at and not record.needs_checklist and (
            not record.is_criminal or record.authorities_on) and all(
                line.state == 'paid' for line in record.payroll_line_ids if line.batch_state == 'locked'))
        paid._guarded().write({'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid})
        reopened = (records - settled).filtered(lambda record: record.closed_at and not record.is_cancelled and not record.withdrawn_at)
        reopened._guarded().write({'closed_at': False, 'closed_by_id': False})
        records._advance()

    def _after_review(self, review):
        result = super()._after_review(review)
        if review.result != 'uphold' and self.payroll_line_ids:
            self._after_payroll()
        return result
