from odoo import fields, models


class AftersalesWarrantyClaim(models.Model):
    """The old parts a claim stands on; the readiness check asks for them."""

    _inherit = 'aftersales.warranty.claim'

    old_part_ids = fields.One2many('aftersales.old.part', 'claim_id', "Old Parts", readonly=True)
    old_part_count = fields.Integer("Old-Part Tags", compute='_compute_old_part_count')

    def _compute_old_part_count(self):
        counts = dict(self.env['aftersales.old.part']._read_group(
            [('claim_id', 'in', self.ids), ('state', '!=', 'void')], ['claim_id'], ['__count']))
        for claim in self:
            claim.old_part_count = counts.get(claim._origin, 0)

    def action_view_old_parts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_old_part_action')
        return {**action, 'domain': [('claim_id', '=', self.id)], 'context': {}}
