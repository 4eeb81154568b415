from odoo import http
from odoo.http import content_disposition, request

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class VehicleController(http.Controller):

    @http.route('/aftersales_service/import_template/vehicle', type='http', auth='user', methods=['GET'], readonly=True)
    def vehicle_import_template(self):
        """Serve the template of the vehicle import, its columns named in the user's language."""
        vehicles = request.env['aftersales.vehicle']
        vehicles.check_access('create')
        content = vehicles._import_template_xlsx()
        name = request.env._("vehicles") + '.xlsx'
        return request.make_response(content, [
            ('Content-Type', XLSX),
            ('Content-Length', len(content)),
            ('Content-Disposition', content_disposition(name)),
        ])
