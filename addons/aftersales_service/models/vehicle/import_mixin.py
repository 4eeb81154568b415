from odoo import models
from odoo.exceptions import UserError


class _BatchFailed(Exception):
    """One row of many failed: tells the import to go on row by row."""


class AftersalesImportMixin(models.AbstractModel):
    """Imports that name the row of each error.

    Odoo's import first creates all rows at once; if one fails with a message for the user, that message is shown on
    the first row as well, whatever row it came from. Failing for another reason, each row is tried by itself and
    only bad rows carry their message.
    """

    _name = 'aftersales.import.mixin'
    _description = "Import with an error per row"

    def _load_records(self, data_list, update=False):
        try:
            return super()._load_records(data_list, update)
        except UserError as error:
            if len(data_list) == 1 or not self.env.context.get('import_file'):
                raise
            raise _BatchFailed(str(error)) from error
