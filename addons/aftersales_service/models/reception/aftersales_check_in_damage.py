from odoo import api, fields, models

from .aftersales_check_in_photo import ZONES

DAMAGE_TYPES = [
    ('scratch', "Scratch"), ('dent', "Dent"), ('chip', "Stone chip"), ('crack', "Crack"), ('broken', "Broken"),
    ('missing', "Missing part"), ('corrosion', "Corrosion"), ('stain', "Stain or tear"), ('other', "Other"),
]


class AftersalesCheckInDamage(models.Model):
    """A damage the car brought along: where, what, photo, and whether the customer knew it (R-PROC-21)."""

    _name = 'aftersales.check.in.damage'
    _description = "Damage Found at Intake"
    _order = 'check_in_id, id'
    _check_company_auto = True

    check_in_id = fields.Many2one(
        comodel_name='aftersales.check.in', required=True, ondelete='cascade', index=True, check_company=True)
    visit_id = fields.Many2one(related='check_in_id.visit_id', store=True, index=True)
    company_id = fields.Many2one(related='check_in_id.company_id', store=True, index=True)
    zone = fields.Selection(selection=ZONES, required=True, default='front')
    damage_type = fields.Selection(selection=DAMAGE_TYPES, required=True, default='scratch')
    note = fields.Char(string="Size and Place")
    known_to_customer = fields.Boolean(default=True, help="The customer was shown it and knows of it.")
    is_claimed = fields.Boolean(
        string="Customer Blames Us", help="The customer says it was not there before: a photo is required, always.")
    photo_ids = fields.One2many(
        comodel_name='aftersales.check.in.photo', inverse_name='damage_id', string="All Photos")
    photo = fields.Image(
        compute='_compute_photo', inverse='_inverse_photo', max_width=1920, max_height=1920,
        help="The first photo of this damage; take one to add it.")

    # === COMPUTE METHODS === #

    @api.depends('photo_ids.image')
    def _compute_photo(self):
        for damage in self:
            damage.photo = damage.photo_ids[:1].image

    def _inverse_photo(self):
        for damage in self:
            if damage.photo and damage.photo_ids:
                damage.photo_ids[0].image = damage.photo
            elif damage.photo:
                self.env['aftersales.check.in.photo'].create({
                    'damage_id': damage.id, 'zone': damage.zone, 'image': damage.photo})
            else:
                damage.photo_ids[:1].unlink()

    @api.depends('zone', 'damage_type', 'note')
    def _compute_display_name(self):
        zones = dict(self._fields['zone']._description_selection(self.env))
        kinds = dict(self._fields['damage_type']._description_selection(self.env))
        for damage in self:
            damage.display_name = " ".join(
                filter(None, [zones.get(damage.zone), kinds.get(damage.damage_type), damage.note]))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        damages = super().create(vals_list)
        damages.check_in_id._ensure_open()
        return damages

    def write(self, vals):
        """A finished sheet only takes that the customer blames us for a damage: he says so when he sees the car."""
        if set(vals) != {'is_claimed'}:
            self.check_in_id._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self.check_in_id._ensure_open()
        self.photo_ids.unlink()
