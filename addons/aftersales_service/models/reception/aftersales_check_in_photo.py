from odoo import api, fields, models

ZONES = [
    ('front', "Front"), ('rear', "Rear"), ('left', "Left side"), ('right', "Right side"), ('roof', "Roof"),
    ('dashboard', "Dashboard"), ('interior', "Interior"), ('seats', "Seats"), ('boot', "Boot"),
    ('engine', "Engine bay"), ('chassis', "Underbody"), ('wheels', "Wheels and tyres"), ('other', "Other"),
]


class AftersalesCheckInPhoto(models.Model):
    """A photo taken at intake, by zone; of a damage when it shows one. The image is an attachment."""

    _name = 'aftersales.check.in.photo'
    _description = "Check-In Photo"
    _order = 'visit_id, id'
    _check_company_auto = True

    visit_id = fields.Many2one(
        comodel_name='aftersales.visit', compute='_compute_visit_id', store=True, readonly=False, precompute=True,
        required=True, ondelete='restrict', index=True, check_company=True)
    check_in_id = fields.Many2one(
        comodel_name='aftersales.check.in', compute='_compute_check_in_id', store=True, readonly=False, precompute=True,
        ondelete='restrict', index='btree_not_null', check_company=True)
    damage_id = fields.Many2one(
        comodel_name='aftersales.check.in.damage', ondelete='restrict', index='btree_not_null', check_company=True)
    company_id = fields.Many2one(related='visit_id.company_id', store=True, index=True)
    zone = fields.Selection(selection=ZONES, required=True, default='front')
    image = fields.Image(required=True, max_width=1920, max_height=1920)
    image_256 = fields.Image(string="Thumbnail", related='image', max_width=256, max_height=256, store=True)
    name = fields.Char(string="Remark")
    taken_at = fields.Datetime(default=fields.Datetime.now, readonly=True)
    user_id = fields.Many2one(comodel_name='res.users', default=lambda self: self.env.user, readonly=True)

    # === COMPUTE METHODS === #

    @api.depends('damage_id')
    def _compute_check_in_id(self):
        for photo in self:
            photo.check_in_id = photo.damage_id.check_in_id or photo.check_in_id

    @api.depends('check_in_id', 'damage_id')
    def _compute_visit_id(self):
        for photo in self:
            photo.visit_id = photo.check_in_id.visit_id or photo.damage_id.visit_id or photo.visit_id

    @api.depends('zone', 'name')
    def _compute_display_name(self):
        labels = dict(self._fields['zone']._description_selection(self.env))
        for photo in self:
            photo.display_name = " ".join(filter(None, [labels.get(photo.zone), photo.name]))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        photos = super().create(vals_list)
        photos.check_in_id._ensure_open()
        return photos

    def write(self, vals):
        self.check_in_id._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self.check_in_id._ensure_open()
