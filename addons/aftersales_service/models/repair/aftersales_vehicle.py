from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesVehicle(models.Model):
    _inherit = 'aftersales.vehicle'

    order_ids = fields.One2many('aftersales.repair.order', 'vehicle_id', "Repair Orders")
    order_count = fields.Integer(compute='_compute_order_count')

    @api.depends('order_ids')
    def _compute_order_count(self):
        counts = dict(
            self.env['aftersales.repair.order']._read_group(
                [('vehicle_id', 'in', self.ids)], ['vehicle_id'], ['__count']
            )
        )
        for vehicle in self:
            vehicle.order_count = counts.get(vehicle, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_orders(self):
        for vehicle in self:
            if vehicle.order_ids:
                raise coded_error(
                    'REP-70',
                    self.env._(
                        "%(vehicle)s has repair orders and stays on file. Archive it instead.",
                        vehicle=vehicle.display_name,
                    ),
                )

    def action_view_orders(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Repair Orders"),
            'res_model': 'aftersales.repair.order',
            'view_mode': 'list,form,pivot',
            'domain': [('vehicle_id', '=', self.id)],
            'context': {'default_vehicle_id': self.id},
        }

    def _history_events(self):
        """Add the orders that were done here: their jobs, refused ones marked."""
        result = super()._history_events()
        if not self.env['aftersales.repair.job'].has_access('read'):
            return result
        jobs = self.env['aftersales.repair.job'].search(
            [
                ('order_id.vehicle_id', 'in', self.ids),
                ('order_id.outcome', '!=', 'cancelled'),
            ],
            order='order_id, sequence, id',
        )
        for order, order_jobs in jobs.grouped('order_id').items():
            result[order.vehicle_id].append(
                {
                    'date': order.company_id._aftersales_today(order.create_date),
                    'name': order.name,
                    'odometer': order.odometer,
                    'text': "; ".join(
                        self.env._("%(job)s (declined)", job=job.name) if job.outcome == 'declined' else job.name
                        for job in order_jobs
                    ),
                    'model': order._name,
                    'id': order.id,
                }
            )
        return result

    def _offerable_jobs(self):
        """Return refused jobs that were not taken up again: offered at the next visit (R-PROC-32).

        :return: recordset of aftersales.repair.job, newest first.
        """
        jobs = self.env['aftersales.repair.job'].search(
            [
                ('order_id.vehicle_id', 'in', self.ids),
                ('outcome', '=', 'declined'),
            ],
            order='id desc',
        )
        taken_up = (
            self.env['aftersales.repair.job']
            .search([('revived_from_id', 'in', jobs.ids), ('outcome', '!=', 'declined')])
            .revived_from_id
        )
        return jobs - taken_up
