from odoo import api, models


class ReportOldPartScrap(models.AbstractModel):
    """Record of scrapped old parts: rendered for what was scrapped only, whatever address asks for it."""

    _name = 'report.aftersales_service.report_old_part_scrap'
    _description = "Scrap Record of Old Parts"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the scrapped parts to print, and who scrapped each.

        :raise UserError: WAR-63 none of them was scrapped.
        """
        parts = self.env['aftersales.old.part'].browse(docids)
        parts.check_access('read')
        parts = parts._scrapped_parts()
        moves = parts.move_ids.filtered(lambda move: move.kind == 'scrap')
        return {
            'doc_ids': parts.ids, 'doc_model': parts._name, 'docs': parts,
            'scrapped_by': {move.old_part_id: move.user_id for move in moves},
        }
