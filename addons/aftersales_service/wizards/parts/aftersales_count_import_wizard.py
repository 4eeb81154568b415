from odoo import fields, models


class AftersalesCountImportWizard(models.TransientModel):
    """A filled-in count sheet comes back: numbers are recorded, rows that cannot stand are told one by one."""

    _name = 'aftersales.count.import.wizard'
    _description = "Read a Count Sheet"

    count_id = fields.Many2one('aftersales.stock.count', required=True, readonly=True)
    file = fields.Binary("Filled-in Sheet (.xlsx)", required=True, attachment=False)
    file_name = fields.Char()
    counted_at = fields.Datetime(
        "Counted At", help="When the sheet was filled in: goods moved since then are taken into account. Empty: now."
    )
    is_read = fields.Boolean(readonly=True)
    recorded = fields.Integer("Lines Recorded", readonly=True)
    problems = fields.Text("Rows Not Taken", readonly=True)

    def action_read(self):
        """Read the sheet and show what was taken and what was not."""
        self.ensure_one()
        recorded, errors = self.count_id._read_sheet(self.file, self.counted_at or None)
        self.write({
            'is_read': True,
            'recorded': recorded,
            'problems': "\n".join(self.env._("Row %(row)s: %(problem)s", row=row, problem=problem) for row, problem in errors.items()),
        })
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Read a Count Sheet"), 'res_model': self._name,
            'res_id': self.id, 'view_mode': 'form', 'target': 'new',
        }
