from odoo import http
from odoo.http import request


class OldPartController(http.Controller):

    @http.route('/aftersales/oldpart/<string:token>', type='http', auth='user', methods=['GET'], readonly=True)
    def old_part(self, token):
        """Open the old part whose label was photographed; a code nobody knows opens the list."""
        part = request.env['aftersales.old.part']._find_code(token)
        action = 'action-aftersales_service.aftersales_old_part_action'
        return request.redirect(f'/odoo/{action}/{part.id}' if part else f'/odoo/{action}')
