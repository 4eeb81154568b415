from odoo import api, fields, models

# What the inspector sees of an order's card: nothing about money.
CARD_KEYS = frozenset(
    {
        'id',
        'name',
        'plate',
        'plate_kind',
        'customer',
        'model',
        'state',
        'profile',
        'outcome',
        'status',
        'promised_at',
        'minutes_left',
        'place',
        'advisor',
        'flags',
        'operations',
        'clock',
        'rework_count',
        'parking_place',
    }
)


class AftersalesDeskInspector(models.AbstractModel):
    """What the inspector's phone shows: cars to inspect by promise, with the short list for each."""

    _name = 'aftersales.desk.inspector'
    _description = "Inspector's Desk"

    @api.model
    @api.readonly
    def get_inspector_desk(self):
        """Return the cars to inspect, by promise.

        Shape: `{'orders': [card], 'defects': [{'id', 'name', 'code', 'trade'}]}`. A card is that of `_desk_cards` with
        `level` (leader or final: the next check of the order), `items` (template lines), `people` (who worked on it),
        `covers` (operation ids), `check_id` (the pass, for the certificate), `blockers` and `checks` (done so far).

        :rtype: dict
        """
        self.env['aftersales.quality.check'].check_access('read')
        orders = self.env['aftersales.repair.order'].search(
            [
                ('company_id', 'in', self.env.companies.ids),
                ('outcome', '=', 'open'),
                '|',
                ('state', '=', 'inspecting'),
                '&',
                ('state', '=', 'ready'),
                ('ready_at', '>=', self.env.company._aftersales_day_bounds()[0]),
            ]
        )
        orders = orders.sorted(
            lambda order: (order.state == 'ready', order.promised_at or fields.Datetime.now(), order.id)
        )
        cards = self._inspector_cards(orders)
        defects = self.env['aftersales.quality.defect'].search([('company_id', 'in', [*self.env.companies.ids, False])])
        return {
            'orders': [cards[order.id] for order in orders],
            'defects': [
                {'id': defect.id, 'name': defect.name, 'code': defect.code, 'trade': defect.trade} for defect in defects
            ],
        }

    @api.model
    def _inspector_cards(self, orders):
        """Return one card per order; rooms add keys through super(), in batch.

        :rtype: dict[int, dict]
        """
        # The orders were found with the user's rights; the cards of other rooms count what he may not read (money).
        cards = {
            order_id: {key: value for key, value in card.items() if key in CARD_KEYS}
            for order_id, card in orders.sudo()._desk_cards().items()
        }
        templates = (
            self.env['aftersales.quality.template']
            .sudo()
            .search(
                [
                    ('company_id', 'in', [*orders.company_id.ids, False]),
                    ('level', 'in', ('leader', 'final')),
                ]
            )
        )
        levels = dict(self.env['aftersales.quality.check']._fields['level']._description_selection(self.env))
        for order in orders.sudo():
            operations = order._checked_operations()
            level = order._next_check_level()
            workers = operations._workers()
            check = order._releasing_check()
            cards[order.id].update(
                {
                    'level': level,
                    'level_label': levels.get(level, ''),
                    'items': order._check_items(level, templates),
                    'covers': operations.ids,
                    'people': [
                        {'id': person.id, 'name': person.name}
                        for person in self.env['hr.employee'].sudo().union(*workers.values(), operations.technician_ids)
                    ],
                    'check_id': check.id,
                    'certificate': check.name if check else '',
                    'history_action': order.vehicle_id.id,
                    'checks': [
                        {
                            'id': row.id,
                            'level': row.level,
                            'result': row.result,
                            'by': row.checker_id.name,
                            'at': fields.Datetime.to_string(row.at),
                            'is_void': row.is_void,
                        }
                        for row in order.check_ids
                    ],
                    'blockers': [blocker._asdict() for blocker in order._open_blockers(f'check_{level}')[order]]
                    if level
                    else [],
                }
            )
        return cards
