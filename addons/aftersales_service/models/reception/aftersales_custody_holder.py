from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesCustodyHolder(models.Model):
    """One change of hands of a key or paper; only added, by custody itself (R-PROC-23)."""

    _name = 'aftersales.custody.holder'
    _description = "Holder of a Key or Paper"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'id desc'
    _guarded_fields = frozenset({'custody_id', 'holder_id', 'hook', 'at', 'user_id'})

    custody_id = fields.Many2one(
        comodel_name='aftersales.custody', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='custody_id.company_id', store=True, index=True)
    holder_id = fields.Many2one(comodel_name='hr.employee', readonly=True, index='btree_not_null')
    hook = fields.Char(readonly=True)
    at = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(comodel_name='res.users', readonly=True, default=lambda self: self.env.user)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('REC-33', self.env._("The history of holders is kept and cannot be deleted."))
