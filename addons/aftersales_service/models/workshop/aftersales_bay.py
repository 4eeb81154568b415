from datetime import timedelta

from odoo import api, fields, models

from ..base.const import TRADES
from .const import CLOSED_STATES


class AftersalesBay(models.Model):
    """A place in the workshop where one car stands: a material resource with opening hours."""

    _name = 'aftersales.bay'
    _description = "Workshop Bay"
    _inherit = ['resource.mixin']
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(related='resource_id.name', store=True, readonly=False, required=True)
    active = fields.Boolean(related='resource_id.active', store=True, readonly=False, default=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(help="Short name on the board.")
    kind = fields.Selection(
        [
            ('lift', "Lift"),
            ('flat', "Flat"),
            ('alignment', "Alignment"),
            ('body', "Body"),
            ('paint', "Paint Booth"),
            ('wash', "Wash"),
        ],
        default='lift',
        required=True,
    )
    trade = fields.Selection(TRADES, help="Empty: any trade.")
    warehouse_id = fields.Many2one('stock.warehouse', check_company=True, help="Site of the bay.")
    color = fields.Integer()
    kept_at = fields.Datetime(readonly=True, copy=False, help="When an appointment last took this bay.")
    operation_ids = fields.One2many('aftersales.operation', 'bay_id')
    operation_count = fields.Integer("Open Operations", compute='_compute_operation_count')
    running_count = fields.Integer("Running", compute='_compute_operation_count')

    # === COMPUTE METHODS === #

    def _compute_operation_count(self):
        rows = {
            (bay.id, state): count
            for bay, state, count in self.env['aftersales.operation']._read_group(
                [('bay_id', 'in', self.ids), ('state', 'not in', ('done', 'cancelled'))],
                ['bay_id', 'state'],
                ['__count'],
            )
        }
        for bay in self:
            bay.operation_count = sum(count for (bay_id, _state), count in rows.items() if bay_id == bay.id)
            bay.running_count = rows.get((bay.id, 'running'), 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Only HR may create resources; a bay brings its own, so the right to create bays is enough.
        self.check_access('create')
        return super(AftersalesBay, self.sudo()).create(vals_list).with_env(self.env)

    def write(self, vals):
        self.check_access('write')
        return super(AftersalesBay, self.sudo()).write(vals)

    def unlink(self):
        self.check_access('unlink')
        resources = self.sudo().resource_id
        result = super().unlink()
        resources.unlink()
        return result

    def _prepare_resource_values(self, vals, tz):
        return {**super()._prepare_resource_values(vals, tz), 'resource_type': 'material'}

    # === ACTION METHODS === #

    def action_view_operations(self):
        """Open what stands or will stand in this bay."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_operation_action')
        action['domain'] = [('bay_id', '=', self.id)]
        action['context'] = {'search_default_open': 1}
        return action

    # === BUSINESS METHODS === #

    def _taken_between(self, start, stop, without=None):
        """Return who has these bays in a span of time: confirmed appointments, and open work until it is due.

        :param without: `aftersales.appointment` that do not count.
        :return: `{bay: [((model, id, order id or False), begin, end, name)]}`, two queries; sudo: who books
            appointments need not see the work itself.
        :rtype: dict
        """
        taken = {bay: [] for bay in self}
        if not self or not start or not stop:
            return taken
        for appointment in self.env['aftersales.appointment'].sudo().search([
            ('bay_id', 'in', self.ids), ('state', '=', 'confirmed'), ('start_at', '<', stop), ('stop_at', '>', start),
            *([('id', 'not in', without._origin.ids)] if without else []),
        ]):
            taken[appointment.bay_id.with_env(self.env)].append((
                (appointment._name, appointment.id, False), appointment.start_at, appointment.stop_at,
                appointment.display_name,
            ))
        now = fields.Datetime.now()
        for operation in self.env['aftersales.operation'].sudo().search([
            ('bay_id', 'in', self.ids), ('state', 'not in', CLOSED_STATES),
            '|', ('due_at', '=', False), ('due_at', '>', start),
        ]):
            hours = timedelta(hours=max(operation.planned_hours, 0.5))
            end = operation.due_at or now + hours
            # What was begun is here already; what is planned begins in time to be done when it is due.
            begin = end - hours if operation.state in ('planned', 'dispatched') else min(now, end)
            if begin < stop and end > start:
                taken[operation.bay_id.with_env(self.env)].append((
                    (operation._name, operation.id, operation.order_id.id), begin, end,
                    operation.license_plate or operation.display_name,
                ))
        return taken
