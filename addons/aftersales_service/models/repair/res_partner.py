from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    aftersales_mandate_amount = fields.Float(
        "Standing Mandate per Car",
        groups='aftersales_service.group_user',
        help="The fleet agrees to repairs up to this amount per car without being asked.",
    )
    aftersales_mandate_until = fields.Date("Mandate Until", groups='aftersales_service.group_user')
    aftersales_mandate_holder = fields.Char("Mandate Given By", groups='aftersales_service.group_user')
    aftersales_order_count = fields.Integer("Repair Order Count", compute='_compute_aftersales_order_count')

    @api.depends_context('company')
    def _compute_aftersales_order_count(self):
        counts = {}
        if self.env.user.has_group('aftersales_service.group_user'):
            counts = dict(
                self.env['aftersales.repair.order']._read_group(
                    [('partner_id', 'in', self.ids)], ['partner_id'], ['__count']
                )
            )
        for partner in self:
            partner.aftersales_order_count = counts.get(partner, 0)

    def action_aftersales_orders(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Repair Orders"),
            'res_model': 'aftersales.repair.order',
            'view_mode': 'list,form',
            'domain': [('partner_id', 'child_of', self.id)],
        }
