from urllib.parse import urlencode

from odoo import api, models
from odoo.exceptions import AccessError

from .errors import coded_error


class AftersalesDownloadMixin(models.AbstractModel):
    """Files a record or a list of records gives to its reader: workbooks, zipped folders.

    A room names its files in `_downloads()` and writes each in a method of its own; a button calls `action_download`.
    """

    _name = 'aftersales.download.mixin'
    _description = "Gives files"

    @api.model
    def _downloads(self):
        """Name the files this model gives.

        :return: kind of file, to the method that writes it: `method(options) -> (file name, bytes)`, called on the
            chosen records as their reader, with the options of the button (dict of str).
        :rtype: dict[str, str]
        """
        return {}

    def action_download(self, kind, options=None):
        """Return the action that fetches a file in the browser.

        :param str kind: a key of `_downloads()`.
        :param dict options: what the writing method needs besides the records: texts and numbers.
        """
        self._ensure_download(kind)
        query = [('ids', ','.join(map(str, self.ids))), *sorted((options or {}).items())]
        return {
            'type': 'ir.actions.act_url',
            'url': f'/aftersales/download/{self._name}/{kind}?{urlencode(query)}',
            'target': 'download',
        }

    def _download(self, kind, options=None):
        """Write a file.

        :return: its name and contents.
        :rtype: tuple[str, bytes]
        """
        method = self._ensure_download(kind)
        return getattr(self, method)(options or {})

    def _ensure_download(self, kind):
        """Return the writing method of a kind the reader may have, or refuse (BAS-13)."""
        method = self._downloads().get(kind)
        if not method:
            raise coded_error('BAS-13', self.env._(
                "%(model)s has no file named %(kind)s. Open the record and use its buttons.",
                model=self._description, kind=kind,
            ), AccessError)
        self.check_access('read')
        return method
