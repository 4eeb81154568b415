from odoo import api, fields, models

from ..base.errors import coded_error
from .const import HR_OFFICER

ITEMS = ('rule', 'proof', 'heard', 'union', 'protected', 'settled')


class AftersalesConductCheck(models.Model):
    """One point the law asks for before a contract is ended for a serious breach."""

    _name = 'aftersales.conduct.check'
    _description = "Point of the termination checklist"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'record_id, sequence'
    _rec_name = 'code'
    _guarded_fields = frozenset({'record_id', 'code', 'sequence', 'is_done', 'done_by_id', 'done_at'})

    record_id = fields.Many2one('aftersales.conduct.record', string="Conduct record", required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='record_id.company_id', store=True, index=True)
    code = fields.Selection([
        ('rule', "Serious breach of a published rule the person signed for"),
        ('proof', "Proof is complete and kept"),
        ('heard', "The person was heard in writing"),
        ('union', "The union was told of the reason beforehand"),
        ('protected', "No protected period: pregnancy, nursing, sick leave, work injury"),
        ('settled', "Last wage, carried amounts and leave are worked out"),
    ], required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    note = fields.Char(help="Document, date, name.")
    is_done = fields.Boolean(string="Done", readonly=True)
    done_by_id = fields.Many2one('res.users', readonly=True)
    done_at = fields.Datetime(readonly=True)

    def write(self, vals):
        if not self._is_guarded() and any(self.mapped('record_id.decided_at')):
            raise coded_error('PPL-11', self.env._("The checklist stays as it was when the case was decided."))
        return super().write(vals)

    def action_done(self):
        """Tick a point: with a note that says where it is written."""
        for check in self:
            check.record_id._ensure_group(HR_OFFICER)
            check.record_id._ensure_not_own()
            if not (check.note or '').strip() or check.record_id.decided_at:
                raise coded_error('PPL-17', self.env._("Write into the note which document shows “%(point)s”.", point=dict(
                    self._fields['code']._description_selection(self.env))[check.code]))
            check._guarded().write({'is_done': True, 'done_by_id': self.env.uid, 'done_at': fields.Datetime.now()})

    @api.model
    def _prepare(self, record):
        """Lay out the checklist of a record whose measure needs one; idempotent."""
        missing = set(ITEMS) - set(record.check_ids.mapped('code'))
        self.sudo()._guarded().create([
            {'record_id': record.id, 'code': code, 'sequence': index}
            for index, code in enumerate(ITEMS) if code in missing
        ])
