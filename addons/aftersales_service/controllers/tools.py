from odoo import http
from odoo.http import request


class ToolController(http.Controller):

    @http.route('/aftersales/tool/<string:code>', type='http', auth='user', methods=['GET'], readonly=True)
    def tool(self, code):
        """Open the tool whose label was photographed; a code nobody knows opens the list."""
        tool = request.env['aftersales.tool']._find_code(code)
        action = 'action-aftersales_service.aftersales_tool_action'
        return request.redirect(f'/odoo/{action}/{tool.id}' if tool else f'/odoo/{action}')
