from odoo import api, fields, models

from .const import CLOSED_STATES


class AftersalesWorkshopBoard(models.AbstractModel):
    """The board of a day: bays, teams, people, cars by promise. One call, a handful of queries."""

    _name = 'aftersales.workshop.board'
    _description = "Workshop Board"

    @api.model
    @api.readonly
    def get_board_data(self, date=None, warehouse=None):
        """Return the board of a business day; at most 12 queries, whatever the number of cars.

        Operations shown: open ones due until the end of the day (overdue ones too) or without a due time, and what was
        finished on that day.
        Shape: `{'date', 'warehouse_id', 'now', 'bays': [{'id', 'name', 'kind', 'operation_ids'}],
        'teams': [{'id', 'name', 'trade', 'open_hours', 'capacity_hours', 'load_pct'}],
        'technicians': [{'id', 'name', 'team_id', 'state' (working|free), 'operation_id', 'since', 'open_hours'}],
        'operations': [`aftersales.operation._desk_dict` + plate, plate_kind, order, promised_at, late, customer_waiting],
        'unassigned': [operation ids without a bay], 'waiting_dispatch': [{'order_id', 'name', 'plate', 'promised_at'}],
        'summary': {'open', 'running', 'late', 'done', 'inside', 'to_confirm'}}`.

        :param str date: day, today unless given.
        :param int warehouse: id of stock.warehouse; every site unless given.
        :rtype: dict
        """
        company = self.env.company
        start, end = company._aftersales_day_bounds(date)
        now = fields.Datetime.now()
        operations = self._board_operations(company, start, end, warehouse)
        orders = operations.order_id
        rows = operations._desk_dict()
        for row, operation in zip(rows, operations, strict=True):
            order = operation.order_id
            promised = order.promised_at
            row.update({
                'order': order.name,
                'plate': order.license_plate or '',
                'plate_kind': order.vehicle_id.plate_kind or 'none',
                'promised_at': fields.Datetime.to_string(promised) if promised else False,
                'late': operation.state not in CLOSED_STATES and bool(
                    (operation.due_at and operation.due_at < now) or (promised and promised < now)
                ),
                'customer_waiting': order.customer_place == 'waiting',
            })
        bays = self.env['aftersales.bay'].search([
            ('company_id', '=', company.id), *([('warehouse_id', 'in', [warehouse, False])] if warehouse else []),
        ])
        teams = self.env['aftersales.team'].search([('company_id', '=', company.id)])
        open_rows = [row for row in rows if row['state'] not in CLOSED_STATES]
        waiting = self._board_waiting(company, warehouse)
        return {
            'date': fields.Date.to_string(fields.Date.to_date(date) or company._aftersales_today()),
            'warehouse_id': warehouse or False,
            'now': fields.Datetime.to_string(now),
            'operations': rows,
            'bays': [
                {'id': bay.id, 'name': bay.code or bay.name, 'kind': bay.kind,
                 'operation_ids': [row['id'] for row in open_rows if row['bay_id'] == bay.id]}
                for bay in bays
            ],
            'teams': self._board_teams(teams, open_rows, now, end),
            'technicians': self._board_technicians(teams, operations, open_rows),
            'unassigned': [row['id'] for row in open_rows if not row['bay_id']],
            'waiting_dispatch': waiting,
            'summary': {
                'open': len(open_rows),
                'running': sum(row['state'] == 'running' for row in open_rows),
                'late': sum(row['late'] for row in open_rows),
                'done': len(rows) - len(open_rows),
                'orders': len(orders),
                'waiting_dispatch': len(waiting),
            },
        }

    @api.model
    def _board_operations(self, company, start, end, warehouse):
        """Return the operations of the board, those the user may see, as superuser."""
        domain = [
            ('company_id', '=', company.id), ('state', '!=', 'cancelled'),
            '|', '&', ('state', '!=', 'done'), '|', ('due_at', '=', False), ('due_at', '<', end),
            '&', ('finished_at', '>=', start), ('finished_at', '<', end),
            *([('warehouse_id', '=', warehouse)] if warehouse else []),
        ]
        return self.env['aftersales.operation'].search(domain, limit=500).sudo()

    @api.model
    def _board_waiting(self, company, warehouse):
        """Return authorised orders whose work nobody has dispatched yet, by promise."""
        orders = self.env['aftersales.repair.order'].search_fetch([
            ('company_id', '=', company.id), ('state', '=', 'authorised'), ('outcome', '=', 'open'),
            ('operation_ids', 'not any', [('state', '!=', 'cancelled')]),
            *([('warehouse_id', '=', warehouse)] if warehouse else []),
        ], ['name', 'license_plate', 'promised_at', 'customer_place'], limit=80)
        return [
            {
                'order_id': order.id, 'name': order.name, 'plate': order.license_plate or '',
                'promised_at': fields.Datetime.to_string(order.promised_at) if order.promised_at else False,
                'customer_waiting': order.customer_place == 'waiting',
            }
            for order in orders
        ]

    @api.model
    def _board_teams(self, teams, open_rows, now, end):
        """Return the load of each team: open hours against what its people can still do today."""
        people = teams.sudo().member_ids
        capacity = self.env['aftersales.operation']._capacity_sudo(people, now, max(end, now)) if people else {}
        result = []
        for team in teams.sudo():
            hours = sum(row['planned_hours'] - min(row['clocked_hours'], row['planned_hours']) for row in open_rows if row['team_id'] == team.id)
            able = sum(capacity.get(person.id, 0.0) for person in team.member_ids)
            result.append({
                'id': team.id, 'name': team.name, 'trade': team.trade, 'open_hours': hours, 'capacity_hours': able,
                'load_pct': round(100 * hours / able) if able else None,
            })
        return result

    @api.model
    def _board_technicians(self, teams, operations, open_rows):
        """Return what each person of the teams is doing now."""
        running = {}
        for time in operations.time_ids:
            if not time.stop:
                running[time.employee_id.id] = time
        hours = {}
        for row in open_rows:
            for person in row['technicians']:
                hours[person['id']] = hours.get(person['id'], 0.0) + row['planned_hours'] / len(row['technicians'])
        result, seen = [], set()
        for team in teams.sudo():
            for person in team._people():
                if person.id in seen:
                    continue
                seen.add(person.id)
                time = running.get(person.id)
                result.append({
                    'id': person.id, 'name': person.name, 'team_id': team.id, 'state': 'working' if time else 'free',
                    'operation_id': time.operation_id.id if time else False,
                    'since': fields.Datetime.to_string(time.start) if time else False,
                    'open_hours': hours.get(person.id, 0.0),
                })
        return result
