from odoo import http
from odoo.http import content_disposition, request

from ..models.base.errors import coded_error


class AftersalesDownload(http.Controller):
    """Hands out what models offer in `_downloads()`; rights are those of the reader."""

    @http.route('/aftersales/download/<string:model>/<string:kind>', type='http', auth='user', methods=['GET'],
                sitemap=False, readonly=True)
    def download(self, model, kind, ids='', **options):
        """Return a file of the chosen records (or of the model, when `ids` is empty)."""
        env = request.env
        if model not in env or not hasattr(env[model], '_downloads'):
            return request.not_found()
        if not all(number.isdecimal() for number in ids.split(',') if number):
            raise coded_error('BAS-13', env._("This address is not complete. Open the record and use its buttons."))
        records = env[model].browse([int(number) for number in ids.split(',') if number]).exists()
        name, contents = records._download(kind, options)
        return request.make_response(contents, [
            ('Content-Type', 'application/octet-stream'),
            ('Content-Disposition', content_disposition(name)),
            ('X-Content-Type-Options', 'nosniff'),
        ])
