from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesProductFeedback(models.Model):
    """What the shop noticed about the quality of the cars: model, part, kilometres, symptom; for the manufacturer."""

    _name = 'aftersales.product.feedback'
    _description = "Product Quality Feedback"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'date desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({'reported_at', 'reported_by_id', 'answered_at', 'state'})

    name = fields.Char("Subject", required=True, tracking=True)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one('res.users', "Noticed By", default=lambda self: self.env.user)
    job_id = fields.Many2one('aftersales.repair.job', index='btree_not_null', ondelete='set null', check_company=True)
    order_id = fields.Many2one(related='job_id.order_id', store=True)
    vehicle_id = fields.Many2one(
        'aftersales.vehicle', compute='_compute_from_job', store=True, readonly=False, check_company=True, index='btree_not_null')
    brand_id = fields.Many2one(related='vehicle_id.brand_id', store=True)
    model_id = fields.Many2one(
        'aftersales.vehicle.model', compute='_compute_from_job', store=True, readonly=False, ondelete='restrict')
    odometer = fields.Integer(
        "Odometer (km)", compute='_compute_from_job', store=True, readonly=False, aggregator='avg')
    system_id = fields.Many2one(
        'aftersales.vehicle.system', compute='_compute_from_job', store=True, readonly=False, ondelete='restrict')
    product_id = fields.Many2one('product.product', "Part", compute='_compute_from_job', store=True, readonly=False)
    supplier_lot = fields.Char("Batch or Serial No.")
    symptom = fields.Text(required=True)
    cause = fields.Text("Presumed Cause")
    severity = fields.Selection(
        [('1_low', "Annoying"), ('2_medium', "Impaired"), ('3_high', "Breaks Down"), ('4_safety', "Safety")],
        required=True, default='2_medium', tracking=True,
    )
    count = fields.Integer("Cases", default=1, help="How many cars this was seen on.")
    state = fields.Selection(
        [('new', "New"), ('reported', "Reported"), ('answered', "Answered")], readonly=True, default='new', tracking=True, index=True)
    reference = fields.Char("Manufacturer's Reference", tracking=True)
    answer = fields.Text("Answer of the Manufacturer")
    reported_at = fields.Datetime(readonly=True, copy=False)
    reported_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)

    _count_positive = models.Constraint('CHECK(count > 0 AND odometer >= 0)', "At least one case, and no negative kilometres.")

    @api.depends('job_id')
    def _compute_from_job(self):
        for feedback in self:
            job = feedback.job_id
            feedback.vehicle_id = job.order_id.vehicle_id or feedback.vehicle_id
            feedback.model_id = feedback.vehicle_id.model_id or feedback.model_id
            feedback.odometer = job.order_id.odometer or feedback.odometer
            feedback.system_id = job.system_id or feedback.system_id
            feedback.product_id = job.sudo().appraisal_id.causal_product_id or feedback.product_id

    def action_report(self):
        """Stamp that the manufacturer was told."""
        if not self.env.user.has_group('aftersales_service.group_warranty_clerk'):
            raise coded_error('WAR-14', self.env._("The warranty clerk reports to the manufacturer."))
        self._guarded().write({
            'state': 'reported', 'reported_at': fields.Datetime.now(), 'reported_by_id': self.env.uid})

    def action_answered(self):
        """Stamp the manufacturer's answer.

        :raise UserError: WAR-09 no answer was written down.
        """
        for feedback in self:
            if not (feedback.answer or '').strip():
                raise coded_error('WAR-09', self.env._(
                    "Write down what the manufacturer answered to “%(name)s”.", name=feedback.name))
        self._guarded().write({'state': 'answered', 'answered_at': fields.Datetime.now()})
