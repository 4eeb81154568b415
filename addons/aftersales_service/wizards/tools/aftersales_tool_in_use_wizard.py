from odoo import api, fields, models


class AftersalesToolInUseWizard(models.TransientModel):
    """Bought tools leave stock, once, and become tools (accounting 23)."""

    _name = 'aftersales.tool.in.use.wizard'
    _description = "Put Tools in Use"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, readonly=True)
    product_id = fields.Many2one(
        'product.product', required=True, domain="[('is_storable', '=', True), ('company_id', 'in', (company_id, False))]"
    )
    category_id = fields.Many2one(
        'aftersales.tool.category', "Tool Category", required=True, compute='_compute_category_id', store=True,
        readonly=False,
    )
    tracking = fields.Selection(related='category_id.tracking')
    quantity = fields.Integer(required=True, default=1)
    name = fields.Char("Name of the Tool", help="The product's name unless given.")
    keeper_id = fields.Many2one(
        'hr.employee.public', "Tool Keeper", domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env.user.employee_id.id,
    )
    serials = fields.Text("Serial Numbers", help="One a line, as far as known.")

    @api.depends('product_id')
    def _compute_category_id(self):
        """The category of tools that the goods category becomes."""
        for wizard in self:
            wizard.category_id = wizard.product_id and self.env['aftersales.tool.category'].search(
                [('product_categ_id', '=', wizard.product_id.categ_id.id)], limit=1) or wizard.category_id

    def action_confirm(self):
        """Take the goods out of stock and show the tools, ready for their labels."""
        self.ensure_one()
        tools = self.env['aftersales.tool'].with_company(self.company_id)._put_in_use(
            self.product_id, self.quantity, self.category_id,
            keeper=self.env['hr.employee'].browse(self.keeper_id.id), name=self.name,
            serials=[line.strip() for line in (self.serials or '').splitlines() if line.strip()],
        )
        return tools._get_records_action(name=self.env._("New Tools"))
