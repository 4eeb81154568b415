from odoo import fields, models

from .claim_const import CLAIM_TYPES


class AftersalesWarrantyDocumentType(models.Model):
    """A paper that manufacturers ask for with a claim."""

    _name = 'aftersales.warranty.document.type'
    _description = "Paper Asked For With a Claim"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    brand_id = fields.Many2one('aftersales.vehicle.brand', index='btree_not_null', help="Empty: every brand.")
    claim_type = fields.Selection(CLAIM_TYPES, help="Empty: every kind of claim.")
    is_required = fields.Boolean("Required", default=True, help="Without it the claim is not sent.")
    source = fields.Selection(
        [('upload', "Attached by hand"), ('old_part', "Photos of the old parts"), ('order', "Made from the order")],
        required=True, default='upload',
        help="Made from the order: the claim form and the signed order go into the audit pack by themselves.",
    )
    company_id = fields.Many2one('res.company', index='btree_not_null', help="Empty: every company.")
    note = fields.Char(help="What must be on it.")

    def _fits(self, claim):
        """Tell whether this paper is asked for with a claim."""
        self.ensure_one()
        return (
            self.brand_id.id in (False, claim.brand_id.id)
            and self.claim_type in (False, claim.claim_type)
            and self.company_id.id in (False, claim.company_id.id)
        )
