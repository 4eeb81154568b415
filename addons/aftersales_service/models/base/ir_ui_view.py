from odoo import api, models


class IrUiView(models.Model):
    _inherit = 'ir.ui.view'

    @api.model
    def _aftersales_reset_room_views(self):
        """Blank the add-on's own extension views before an update loads them again.

        Our rooms extend each other's views inside one module, so without this `-u` would check a changed
        parent against the previous version's extensions and fail. Ids, xmlids and other modules' child
        views stay as they are.
        """
        data = self.env['ir.model.data'].sudo().search_fetch(
            [('module', '=', 'aftersales_service'), ('model', '=', 'ir.ui.view')], ['res_id'],
        )
        if not data:
            return
        self.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db = %s WHERE id = ANY(%s) AND inherit_id IS NOT NULL AND mode = 'extension'",
            ('{"en_US": "<data/>"}', data.mapped('res_id')),
        )
        self.env.invalidate_all()
