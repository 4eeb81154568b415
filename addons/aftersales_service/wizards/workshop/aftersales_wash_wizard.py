from odoo import api, fields, models


class AftersalesWashWizard(models.TransientModel):
    """Start the wash of a car, and record how it came out of it (R-PROC-77)."""

    _name = 'aftersales.wash.wizard'
    _description = "Wash"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    company_id = fields.Many2one(related='order_id.company_id')
    employee_id = fields.Many2one(
        'hr.employee.public', "Washer", domain="[('company_id', '=', company_id)]",
        help="Empty: yourself. A team leader records for others.",
    )
    is_started = fields.Boolean(compute='_compute_is_started')
    place = fields.Char("Parking Place", help="Where the car stands now, facing the exit.")
    scratch_free = fields.Boolean("No Scratch", default=True, help="Looked over after the wash.")
    note = fields.Char()

    @api.depends('order_id')
    def _compute_is_started(self):
        for wizard in self:
            wizard.is_started = bool(wizard.order_id.sudo()._open_wash())

    def _person(self):
        return self.env['hr.employee'].browse(self.employee_id.id)

    def action_start(self):
        self.ensure_one()
        self.order_id._start_wash(self._person())
        return {'type': 'ir.actions.act_window_close'}

    def action_done(self):
        """Finish the wash; one that nobody started takes no time."""
        self.ensure_one()
        if not self.is_started:
            self.order_id._start_wash(self._person())
        self.order_id._finish_wash(self._person(), self.place, self.scratch_free, self.note)
        return {'type': 'ir.actions.act_window_close'}
