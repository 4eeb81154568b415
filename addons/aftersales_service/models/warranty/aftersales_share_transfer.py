from odoo import fields, models


class AftersalesShareTransfer(models.Model):
    _inherit = 'aftersales.share.transfer'
    _guarded_fields = frozenset({'claim_id', 'rest_id', 'chargeback_id', 'step'})

    claim_id = fields.Many2one('aftersales.warranty.claim', readonly=True, index='btree_not_null', ondelete='restrict')
    rest_id = fields.Many2one('aftersales.claim.rest', readonly=True, index='btree_not_null', ondelete='set null')
    chargeback_id = fields.Many2one('aftersales.claim.chargeback', readonly=True, index='btree_not_null', ondelete='restrict')
    step = fields.Selection(
        [('rest', "Not approved"), ('replacement', "Replaced in kind"), ('chargeback', "Charged back")], readonly=True,
    )
