from odoo import api, fields, models

from .errors import coded_error


class AftersalesExportLog(models.Model):
    """Who exported customers' phones, from where and how many (R-PERM-01). Written by the export itself."""

    _name = 'aftersales.export.log'
    _description = "Export of Phones"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'create_date desc, id desc'
    _rec_name = 'model_name'
    _guarded_fields = frozenset(
        {'user_id', 'company_id', 'res_model', 'model_name', 'columns', 'row_count', 'phone_count', 'is_masked'}
    )

    user_id = fields.Many2one('res.users', required=True, readonly=True, ondelete='restrict', index=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    res_model = fields.Char("Document type", required=True, readonly=True)
    model_name = fields.Char("Exported From", required=True, readonly=True)
    columns = fields.Char(readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    phone_count = fields.Integer("Phones", readonly=True)
    is_masked = fields.Boolean("Masked", readonly=True, help="The exporter does not call customers: the middle was hidden.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('BAS-20', self.env._("The log of exports is written by the exports alone."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('BAS-20', self.env._("The log of exports is written by the exports alone."))

    @api.model
    def _record(self, records, paths, columns, rows):
        """Mask the phones for whoever does not call customers, and write down what leaves; sudo: nobody logs by hand.

        :param list[int] columns: which columns hold phones.
        :param list[list] rows: the export, changed in place.
        """
        Partner = self.env['res.partner']
        masked = self.env.user.has_group('aftersales_service.group_user') and not Partner._aftersales_sees_phones()
        count = 0
        for row in rows:
            for column in columns:
                if row[column]:
                    count += 1
                    if masked and '*' not in row[column]:
                        row[column] = Partner._aftersales_mask_phone(row[column])
        if count:
            self.sudo()._guarded().create(
                {
                    'user_id': self.env.uid,
                    'company_id': self.env.company.id,
                    'res_model': records._name,
                    'model_name': self.env['ir.model']._get(records._name).name,
                    'columns': ', '.join(paths),
                    'row_count': len(rows),
                    'phone_count': count,
                    'is_masked': masked,
                }
            )
