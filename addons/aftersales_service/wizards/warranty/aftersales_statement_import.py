from odoo import api, fields, models


class AftersalesStatementImport(models.TransientModel):
    """Dialog: the manufacturer's workbook comes in and is matched at once."""

    _name = 'aftersales.statement.import'
    _description = "Import of a Manufacturer's List"

    statement_id = fields.Many2one('aftersales.warranty.statement', required=True, ondelete='cascade')
    company_id = fields.Many2one(related='statement_id.company_id')
    template_id = fields.Many2one(
        'aftersales.statement.template', "Columns of the List", compute='_compute_template_id', store=True, readonly=False)
    file = fields.Binary("Workbook (.xlsx)", required=True)
    file_name = fields.Char()

    @api.depends('statement_id')
    def _compute_template_id(self):
        for wizard in self:
            wizard.template_id = wizard.statement_id.template_id

    def action_confirm(self):
        """Import, match, keep the file with the statement."""
        self.ensure_one()
        statement = self.statement_id
        if self.template_id != statement.template_id:
            statement.template_id = self.template_id
        rows, wrong = statement._import(self.file)
        self.env['ir.attachment'].create({
            'name': self.file_name or f'{statement.name}.xlsx', 'datas': self.file, 'res_model': statement._name,
            'res_id': statement.id,
        })
        statement.message_post(body=self.env._(
            "%(rows)s rows imported, %(wrong)s cannot be read, %(open)s without a claim.",
            rows=rows, wrong=wrong, open=statement.open_count))
        return {'type': 'ir.actions.act_window_close'}
