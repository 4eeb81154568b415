from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesAppraisalPhoto(models.Model):
    """A photo of an appraisal: the fault, the part, the odometer, the chassis number."""

    _name = 'aftersales.appraisal.photo'
    _description = "Appraisal Photo"
    _order = 'appraisal_id, id'

    appraisal_id = fields.Many2one('aftersales.warranty.appraisal', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='appraisal_id.company_id', store=True)
    image = fields.Image(required=True, max_width=1920, max_height=1920)
    image_256 = fields.Image("Thumbnail", related='image', max_width=256, max_height=256, store=True)
    name = fields.Char("Remark")
    taken_at = fields.Datetime(default=fields.Datetime.now, readonly=True)
    user_id = fields.Many2one('res.users', default=lambda self: self.env.user, readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        if self.appraisal_id.filtered('answered_at'):
            raise coded_error('WAR-13', self.env._("Photos of an answered appraisal stay on file."))
