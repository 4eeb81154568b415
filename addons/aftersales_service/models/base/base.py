from odoo import models

# Fields that hold a number to call, on contacts and on our documents.
PHONE_FIELDS = frozenset(
    {'phone', 'mobile', 'contact_phone', 'driver_phone', 'phone_shown', 'aftersales_phone_masked', 'phone_sanitized'}
)


class Base(models.AbstractModel):
    """Exports of customers' phones leave a trace, and stay masked for people who do not call customers (R-PERM-01)."""

    _inherit = 'base'

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        if self.env.su or not result.get('datas'):
            return result
        columns = [number for number, path in enumerate(fields_to_export) if self._aftersales_exports_phone(path)]
        if columns:
            self.env['aftersales.export.log']._record(self, fields_to_export, columns, result['datas'])
        return result

    def _aftersales_exports_phone(self, path):
        """Tell whether a path of an export (`partner_id/phone`) ends in a customer's phone."""
        model, names = self, path.split('/')
        for name in names[:-1]:
            field = model._fields.get(name)
            if not field or not field.relational:
                return False
            model = self.env[field.comodel_name]
        return names[-1] in PHONE_FIELDS and (model._name == 'res.partner' or model._name.startswith('aftersales.'))
