from odoo import api, fields, models

from ...models.workshop.const import CHECK_LEVELS


class AftersalesCheckWizard(models.TransientModel):
    """Pass or fail a check, with the short list for this car."""

    _name = 'aftersales.check.wizard'
    _description = "Inspect"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    company_id = fields.Many2one(related='order_id.company_id')
    level = fields.Selection(CHECK_LEVELS, required=True, default=lambda self: self._default_level())
    operation_ids = fields.Many2many(
        'aftersales.operation',
        string="Only These Operations",
        domain="[('order_id', '=', order_id), ('state', '!=', 'cancelled')]",
        help="For a stage check of one department; empty: all finished work.",
    )
    line_ids = fields.One2many(
        'aftersales.check.wizard.line', 'wizard_id', compute='_compute_line_ids', store=True, readonly=False
    )
    note = fields.Text()
    advice = fields.Text("Repair Advice")
    care_note = fields.Text("Care Note")
    warranty_until = fields.Date(help="Empty: from the catalogue.")
    defect_ids = fields.Many2many('aftersales.quality.defect', string="Defects")
    responsible_ids = fields.Many2many(
        'hr.employee.public', string="Responsible", domain="[('company_id', '=', company_id)]"
    )

    def _default_level(self):
        order = self.env['aftersales.repair.order'].browse(self.env.context.get('default_order_id'))
        return (order and order._next_check_level()) or 'process'

    @api.depends('order_id', 'level')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            'template_line_id': item['template_line_id'],
                            'name': item['name'],
                            'is_measure': item['is_measure'],
                            'unit': item['unit'],
                        }
                    )
                    for item in (wizard.order_id._check_items(wizard.level) if wizard.order_id else [])
                ),
            ]

    def _measures(self):
        """Return the items as `_check` takes them."""
        return [
            {
                'template_line_id': line.template_line_id.id or None,
                'name': line.name,
                'unit': line.unit,
                'value': line.value if line.is_measure else None,
                'result': line.result,
                'note': line.note,
            }
            for line in self.line_ids
        ]

    def action_pass(self):
        self.ensure_one()
        self.order_id._check(
            self.level,
            True,
            note=self.note,
            operations=self.operation_ids or None,
            measures=self._measures(),
            advice=self.advice,
            care_note=self.care_note,
            warranty_until=self.warranty_until or None,
        )
        return {'type': 'ir.actions.act_window_close'}

    def action_fail(self):
        self.ensure_one()
        self.order_id._check(
            self.level,
            False,
            note=self.note,
            operations=self.operation_ids or None,
            measures=self._measures(),
            responsible=self.env['hr.employee'].browse(self.responsible_ids.ids),
            defects=self.defect_ids,
        )
        return {'type': 'ir.actions.act_window_close'}
