from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesComeback(models.Model):
    """The answer to “the car is back soon after a repair: same complaint?” – one per former job, never changed.

    Written by `order._triage` only. A *yes* is a comeback: who worked and who checked then, how many days and
    kilometres ago, and who pays now; first-fix figures are counted from it.
    """

    _name = 'aftersales.comeback'
    _description = "Comeback"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'answered_at desc, id desc'
    _check_company_auto = True
    _rec_name = 'former_job_id'
    _guarded_fields = frozenset({
        'order_id', 'job_id', 'former_job_id', 'is_same', 'payer_kind', 'note', 'user_id', 'answered_at', 'days', 'km',
        'technician_ids', 'checker_ids', 'is_own_warranty',
    })

    order_id = fields.Many2one('aftersales.repair.order', "Order", required=True, readonly=True, index=True, ondelete='cascade')
    job_id = fields.Many2one('aftersales.repair.job', "Job", readonly=True, index='btree_not_null', ondelete='set null')
    former_job_id = fields.Many2one('aftersales.repair.job', required=True, readonly=True, index=True, ondelete='cascade')
    former_order_id = fields.Many2one(related='former_job_id.order_id', store=True, string="Former Order", index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    vehicle_id = fields.Many2one(related='order_id.vehicle_id', store=True)
    brand_id = fields.Many2one(related='vehicle_id.brand_id', store=True)
    system_id = fields.Many2one(related='former_job_id.system_id', store=True)
    is_same = fields.Boolean("Same Complaint", readonly=True)
    payer_kind = fields.Selection(
        [
            ('internal', "We (own warranty)"),
            ('warranty', "Manufacturer (the part failed)"),
            ('customer', "Customer (another cause)"),
            ('undecided', "To be found out"),
        ],
        "Who Pays", readonly=True,
    )
    is_own_warranty = fields.Boolean("Within Our Warranty", readonly=True)
    note = fields.Char(readonly=True)
    user_id = fields.Many2one('res.users', "Asked By", readonly=True)
    answered_at = fields.Datetime(readonly=True, index=True)
    days = fields.Integer("Days Since", readonly=True, aggregator='avg')
    km = fields.Integer("Kilometres Since", readonly=True, aggregator='avg')
    technician_ids = fields.Many2many(
        'hr.employee', 'aftersales_comeback_technician_rel', 'comeback_id', 'employee_id', "Worked Then", readonly=True)
    checker_ids = fields.Many2many(
        'hr.employee', 'aftersales_comeback_checker_rel', 'comeback_id', 'employee_id', "Checked Then", readonly=True)

    _once_uniq = models.UniqueIndex('(order_id, former_job_id)', "This former job was asked about already.")

    def write(self, vals):
        if not self._is_guarded() and self._get_guarded_fields() & set(vals):
            raise coded_error('WAR-06', self.env._("The answer to a comeback stays on file. Change who pays on the job."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WAR-06', self.env._("The answer to a comeback stays on file. Change who pays on the job."))
