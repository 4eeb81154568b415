from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..base.errors import coded_error

GRADES = [
    ('oem', "Original (OEM)"),
    ('brand', "Brand part"),
    ('aftermarket', "Aftermarket"),
    ('remanufactured', "Remanufactured"),
    ('used', "Used"),
]

PART_FIELDS = frozenset({
    'aftersales_is_part', 'aftersales_grade', 'aftersales_oem_number', 'aftersales_superseded_by_id',
    'aftersales_hazardous', 'aftersales_key_position', 'aftersales_warranty_months', 'aftersales_warranty_km',
})


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    aftersales_is_part = fields.Boolean(
        string="Car part", index=True, tracking=True, help="Sold and issued by the parts room.",
    )
    aftersales_grade = fields.Selection(
        GRADES, string="Grade", tracking=True,
        help="Printed on estimate and settlement: the customer has to know what he gets.",
    )
    aftersales_oem_number = fields.Char(
        string="Manufacturer's number", index='trigram', help="Number of the original part which this one replaces.",
    )
    aftersales_superseded_by_id = fields.Many2one(
        'product.product', string="Superseded by", index='btree_not_null', ondelete='restrict', tracking=True,
        help="The part which is ordered instead from now on. Stock of this one is used up first.",
    )
    aftersales_hazardous = fields.Boolean(
        string="Hazardous",
        help="Oil, battery, airbag, refrigerant: kept, shipped and disposed of under special rules.",
    )
    aftersales_key_position = fields.Boolean(
        string="Key part", tracking=True,
        help="Engine, gearbox, steering, brake, airbag: its number is recorded and another person checks the work.",
    )
    aftersales_warranty_months = fields.Integer(string="Part warranty (months)")
    aftersales_warranty_km = fields.Integer(string="Part warranty (km)")

    _aftersales_warranty_positive = models.Constraint(
        'CHECK(aftersales_warranty_months >= 0 AND aftersales_warranty_km >= 0)',
        "The warranty of a part cannot be negative.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains('aftersales_superseded_by_id')
    def _check_aftersales_superseded(self):
        for template in self:
            seen, current = template, template.aftersales_superseded_by_id.product_tmpl_id
            while current:
                if current in seen:
                    raise coded_error('CAT-04', self.env._(
                        "%(part)s would be superseded by itself through %(other)s. Break the chain first.",
                        part=template.display_name, other=template.aftersales_superseded_by_id.display_name,
                    ), ValidationError)
                seen |= current
                current = current.aftersales_superseded_by_id.product_tmpl_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(name) for vals in vals_list for name in PART_FIELDS):
            self._ensure_can_edit_parts()
        return super().create(vals_list)

    def write(self, vals):
        # A part's price is the price list's: whoever may edit products in general may not edit it (R-PERM-03).
        if PART_FIELDS.intersection(vals) or ('list_price' in vals and any(self.mapped('aftersales_is_part'))):
            self._ensure_can_edit_parts()
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _ensure_can_edit_parts(self):
        """Refuse everybody but the parts manager (and the service manager, who is one).

        :raise AccessError: CAT-05.
        """
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_parts_manager'):
            raise coded_error('CAT-05', self.env._(
                "Only the parts manager changes part data and part prices. Ask him to change the catalogue.",
            ), AccessError)

    # === IMPORT === #

    @api.model
    def get_import_templates(self):
        return super().get_import_templates() + [{
            'label': self.env._("Table of car parts"),
            'template': '/aftersales_service/static/xls/parts.xlsx',
        }]
