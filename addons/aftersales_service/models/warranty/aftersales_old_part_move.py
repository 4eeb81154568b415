from odoo import api, fields, models

from ..base.errors import coded_error
from .old_part_const import KINDS, STATES, VALUE_GROUPS


class AftersalesOldPartMove(models.Model):
    """One entry in the life of an old part: who did what, when, from where to where (R-WAR-10).

    Made by the verbs of `aftersales.old.part` only; never changed, never deleted.
    """

    _name = 'aftersales.old.part.move'
    _description = "History of an Old Part"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'id desc'
    _check_company_auto = True

    old_part_id = fields.Many2one('aftersales.old.part', required=True, readonly=True, index=True, ondelete='restrict', check_company=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    state = fields.Selection(STATES, "State After", required=True, readonly=True)
    at = fields.Datetime("Time", required=True, readonly=True, index=True)
    user_id = fields.Many2one('res.users', "Recorded By", required=True, readonly=True)
    employee_id = fields.Many2one('hr.employee', "Person", readonly=True, ondelete='restrict')
    location_id = fields.Many2one('stock.location', "From", readonly=True, ondelete='restrict')
    location_dest_id = fields.Many2one('stock.location', "To", readonly=True, ondelete='restrict')
    shipment_id = fields.Many2one('aftersales.old.part.shipment', readonly=True, index='btree_not_null', ondelete='restrict')
    count_id = fields.Many2one('aftersales.stock.count', readonly=True, index='btree_not_null', ondelete='restrict')
    stock_move_id = fields.Many2one('stock.move', readonly=True, index='btree_not_null', ondelete='restrict')
    note = fields.Char(readonly=True)
    # What was sent counts by book on the day it was sent (R-WAR-08), whatever becomes of the part.
    box_number = fields.Integer("Carton", readonly=True)
    owner_kind = fields.Selection(related='old_part_id.owner_kind', string="Belongs To")
    brand_id = fields.Many2one(related='old_part_id.brand_id', store=True, index='btree_not_null')
    currency_id = fields.Many2one(related='company_id.currency_id')
    value = fields.Monetary("Value by Book", readonly=True, groups=VALUE_GROUPS)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise self._append_only_error()
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise self._append_only_error()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise self._append_only_error()

    def _append_only_error(self):
        return coded_error('WAR-74', self.env._(
            "The history of an old part is only added to, by the buttons of the part; nobody changes or deletes an entry."))
