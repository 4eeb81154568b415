from odoo import api, models
from odoo.tools import SQL


class AftersalesWorkshopBoard(models.AbstractModel):
    """The board shows which cars wait for parts, until when, and whose parts are here (R-PROC-14)."""

    _inherit = 'aftersales.workshop.board'

    @api.model
    @api.readonly
    def get_board_data(self, date=None, warehouse=None):
        """Add to each operation `parts`: {'missing', 'arrived', 'eta'} of its order; one query more."""
        data = super().get_board_data(date, warehouse)
        order_ids = tuple({row['order_id'] for row in data['operations'] if row['state'] != 'done'})
        found, company = {}, self.env.company
        if order_ids:
            # The operations were read with the user's rights; only counts and a date of their orders leave.
            found = {
                order_id: {
                    'missing': missing, 'arrived': arrived,
                    'eta': company._aftersales_local_time(eta).strftime('%m-%d') if eta else False,
                }
                for order_id, missing, arrived, eta in self.env.execute_query(
                    SQL(
                        """SELECT request.order_id,
                                  COUNT(DISTINCT request.id) FILTER (WHERE request.state = 'missing'),
                                  COUNT(DISTINCT request.id) FILTER (
                                      WHERE request.state = 'reserved' AND request.arrived_at IS NOT NULL),
                                  MAX(COALESCE(item.date_planned, incoming.date)) FILTER (WHERE request.state = 'missing')
                             FROM aftersales_part_request request
                        LEFT JOIN (purchase_order_line item
                                   JOIN purchase_order purchase ON purchase.id = item.order_id
                                                               AND purchase.state = 'purchase')
                               ON item.aftersales_request_id = request.id
                        LEFT JOIN LATERAL (
                                  SELECT MIN(move.date) AS date
                                    FROM stock_move move
                                    JOIN stock_location place ON place.id = move.location_id AND place.usage = 'supplier'
                                   WHERE move.product_id = request.product_id AND move.company_id = request.company_id
                                     AND move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                             ) incoming ON TRUE
                            WHERE request.order_id IN %s AND request.state IN ('missing', 'reserved')
                              AND NOT COALESCE(request.filled_at_once, FALSE)
                         GROUP BY request.order_id""",
                        order_ids,
                    )
                )
            }
        for row in data['operations']:
            row['parts'] = found.get(row['order_id'], {'missing': 0, 'arrived': 0, 'eta': False})
        return data
