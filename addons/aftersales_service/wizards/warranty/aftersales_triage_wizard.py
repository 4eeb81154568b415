from odoo import api, fields, models


class AftersalesTriageWizard(models.TransientModel):
    """Ask, job by job, whether a car that is back soon has the same complaint."""

    _name = 'aftersales.triage.wizard'
    _description = "Comeback Question"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    line_ids = fields.One2many(
        'aftersales.triage.wizard.line', 'wizard_id', compute='_compute_line_ids', store=True, readonly=False)

    @api.depends('order_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create({'former_job_id': job.id})
                for job in (wizard.order_id._former_jobs()[wizard.order_id] if wizard.order_id else ())
            ]

    def action_confirm(self):
        """Record the answers that were given; what was left open is asked again."""
        self.ensure_one()
        for line in self.line_ids.filtered('answer'):
            self.order_id._triage(
                line.former_job_id, line.answer == 'same', job=line.job_id, payer_kind=line.payer_kind, note=line.note)
        return {'type': 'ir.actions.act_window_close'}


class AftersalesTriageWizardLine(models.TransientModel):
    _name = 'aftersales.triage.wizard.line'
    _description = "Comeback Question about a Job"

    wizard_id = fields.Many2one('aftersales.triage.wizard', required=True, ondelete='cascade')
    order_id = fields.Many2one(related='wizard_id.order_id')
    former_job_id = fields.Many2one('aftersales.repair.job', "Former Job", required=True, readonly=True)
    former_order_id = fields.Many2one(related='former_job_id.order_id', string="Former Order")
    days = fields.Integer("Days Since", compute='_compute_facts')
    is_own_warranty = fields.Boolean("Within Our Warranty", compute='_compute_facts')
    answer = fields.Selection([('same', "Same complaint"), ('other', "Something else")])
    job_id = fields.Many2one(
        'aftersales.repair.job', "Job Now", domain="[('order_id', '=', order_id), ('outcome', '=', 'open')]")
    payer_kind = fields.Selection(
        lambda self: self.env['aftersales.comeback']._fields['payer_kind'].selection, "Who Pays", default='internal')
    note = fields.Char()

    @api.depends('former_job_id', 'wizard_id.order_id')
    def _compute_facts(self):
        for line in self:
            order, job = line.wizard_id.order_id, line.former_job_id
            day = order._intake_day()
            line.days = (day - job.order_id._finished_day()).days
            line.is_own_warranty = job._is_in_own_warranty(day, order.odometer)
