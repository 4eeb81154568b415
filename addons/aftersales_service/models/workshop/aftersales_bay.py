from odoo import api, fields, models

from ..base.const import TRADES


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
