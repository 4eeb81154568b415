from urllib.parse import quote, unquote

from odoo import models

LABEL_PATH = '/aftersales/tool/'


class AftersalesTool(models.Model):
    """The label on a tool: a QR that a phone's own camera opens and the counter's scanner reads."""

    _inherit = 'aftersales.tool'

    def action_print_labels(self):
        """Print a sheet of labels for the chosen tools, pieces of kits included."""
        tools = self | self.piece_ids
        return self.env.ref('aftersales_service.action_report_tool_labels').report_action(tools)

    def _label_address(self):
        """Return what the QR says: a plain address with the code at its end."""
        self.ensure_one()
        return f'{self.get_base_url()}{LABEL_PATH}{quote(self.code, safe="")}'

    def _label_address_quoted(self):
        """Return the address as part of the address of a barcode image."""
        return quote(self._label_address(), safe='')

    def _find_code(self, code):
        """Also know the code at the end of a label's address."""
        code = (code or '').strip()
        if LABEL_PATH in code:
            code = unquote(code.rsplit(LABEL_PATH, 1)[1].split('?')[0])
        return super()._find_code(code)
