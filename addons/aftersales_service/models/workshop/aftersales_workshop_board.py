from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

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
        finished on that day; only those the user may see.
        Shape: `{'date', 'warehouse_id', 'now', 'bays': [{'id', 'name', 'kind', 'operation_ids',
        'kept' [{'id', 'plate', 'start_at', 'stop_at'}]}], 'zone' (of the company: what hours of the day are shown in),
        'teams': [{'id', 'name', 'trade', 'open_hours', 'capacity_hours', 'load_pct'}],
        'technicians': [{'id', 'name', 'team_id', 'state' (working|free), 'operation_id', 'since', 'open_hours'}],
        'operations': [{'id', 'order_id', 'job_id', 'order', 'plate', 'plate_kind', 'name', 'kind', 'trade', 'state',
        'team_id', 'team', 'bay_id', 'bay', 'technicians' [{'id', 'name'}], 'running' [names], 'due_at', 'promised_at',
        'planned_hours', 'clocked_hours', 'priority', 'needs_other_person', 'late', 'customer_waiting'}],
        'unassigned': [operation ids without a bay], 'waiting_dispatch': [{'order_id', 'name', 'plate', 'promised_at',
        'customer_waiting'}], 'summary': {'open', 'running', 'late', 'done', 'orders', 'waiting_dispatch'}}`.
        Times are UTC; sorted by priority, then by promise.

        :param str date: day, today unless given.
        :param int warehouse: id of stock.warehouse; every site unless given.
        :rtype: dict
        """
        company = self.env.company
        start, end = company._aftersales_day_bounds(date)
        now = fields.Datetime.now()
        self.env.flush_all()
        teams, people = self._board_people_sudo(company)
        bays = self._board_bays(company, warehouse)
        rows = self._board_operations(company, start, end, warehouse, now, teams, {bay['id']: bay for bay in bays})
        running = self._board_persons_of_operations(rows)
        open_rows = [row for row in rows if row['state'] not in CLOSED_STATES]
        kept = self.env['aftersales.appointment']._kept_by_bay(company, start, end)
        for bay in bays:
            bay['kept'] = kept.get(bay['id'], [])
            bay['operation_ids'] = [row['id'] for row in open_rows if row['bay_id'] == bay['id']]
        waiting = self._board_waiting(company, warehouse)
        capacity = self._board_capacity_sudo(people, now, max(end, now))
        return {
            'date': fields.Date.to_string(fields.Date.to_date(date) or company._aftersales_today()),
            'warehouse_id': warehouse or False,
            'now': fields.Datetime.to_string(now),
            'zone': company._aftersales_workday_tz().zone,
            'operations': rows,
            'bays': bays,
            'teams': self._board_teams(teams, people, open_rows, capacity),
            'technicians': self._board_technicians(people, running, open_rows),
            'unassigned': [row['id'] for row in open_rows if not row['bay_id']],
            'waiting_dispatch': waiting,
            'summary': {
                'open': len(open_rows),
                'running': sum(row['state'] == 'running' for row in open_rows),
                'late': sum(row['late'] for row in open_rows),
                'done': len(rows) - len(open_rows),
                'orders': len({row['order_id'] for row in rows}),
                'waiting_dispatch': len(waiting),
            },
        }

    # === READING === #

    @api.model
    def _board_bays(self, company, warehouse):
        """Return the bays of a site, in the order of the board."""
        bays = self.env['aftersales.bay'].search_fetch(
            [
                ('company_id', '=', company.id),
                *([('warehouse_id', 'in', [warehouse, False])] if warehouse else []),
            ],
            ['name', 'code', 'kind'],
        )
        return [{'id': bay.id, 'name': bay.code or bay.name, 'kind': bay.kind, 'operation_ids': []} for bay in bays]

    @api.model
    def _board_people_sudo(self, company):
        """Return the teams and who is in them, in one query; sudo: names and teams are no secret inside the company.

        :return: `({team id: {'id', 'name', 'trade'}}, [{'id', 'name', 'team_id', 'resource_id', 'calendar_id'}])`
        """
        self.env['aftersales.team'].check_access('read')
        lang = self.env.lang or 'en_US'
        rows = self.env.execute_query(
            SQL(
                """SELECT team.id, COALESCE(team.name->>%(lang)s, team.name->>'en_US'), team.trade,
                      employee.id, employee.name, employee.resource_id, resource.calendar_id
                 FROM aftersales_team team
            LEFT JOIN (SELECT team_id, employee_id FROM aftersales_team_member_rel
                       UNION SELECT id, leader_id FROM aftersales_team WHERE leader_id IS NOT NULL) member
                   ON member.team_id = team.id
            LEFT JOIN hr_employee employee ON employee.id = member.employee_id AND employee.active
            LEFT JOIN resource_resource resource ON resource.id = employee.resource_id
                WHERE team.company_id = %(company)s AND team.active
             ORDER BY team.sequence, team.id, employee.name, employee.id""",
                lang=lang,
                company=company.id,
            )
        )
        teams, people, seen = {}, [], set()
        for team_id, team, trade, person_id, name, resource_id, calendar_id in rows:
            teams.setdefault(team_id, {'id': team_id, 'name': team, 'trade': trade})
            if person_id and person_id not in seen:
                seen.add(person_id)
                people.append(
                    {
                        'id': person_id,
                        'name': name,
                        'team_id': team_id,
                        'resource_id': resource_id,
                        'calendar_id': calendar_id,
                    }
                )
        return teams, people

    @api.model
    def _board_operations(self, company, start, end, warehouse, now, teams, bays):
        """Return the operations of the board that the user may see, with their cars, in one query."""
        domain = [
            ('company_id', '=', company.id),
            ('state', '!=', 'cancelled'),
            '|',
            '&',
            ('state', '!=', 'done'),
            '|',
            ('due_at', '=', False),
            ('due_at', '<', end),
            '&',
            ('finished_at', '>=', start),
            ('finished_at', '<', end),
            *([('warehouse_id', '=', warehouse)] if warehouse else []),
        ]
        query = self.env['aftersales.operation']._search(domain, limit=500)
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT operation.id, operation.order_id, operation.job_id, operation.name, operation.kind, operation.trade,
                      operation.state, operation.team_id, operation.bay_id, operation.due_at, operation.planned_hours,
                      operation.clocked_hours, operation.priority,
                      COALESCE(operation.needs_other_person, FALSE) AS needs_other_person,
                      repair.name AS "order", COALESCE(repair.license_plate, '') AS plate, repair.promised_at,
                      repair.customer_place = 'waiting' AS customer_waiting, COALESCE(vehicle.plate_kind, 'none') AS plate_kind %s
                 FROM aftersales_operation operation
                 JOIN aftersales_repair_order repair ON repair.id = operation.order_id
            LEFT JOIN aftersales_vehicle vehicle ON vehicle.id = repair.vehicle_id
                WHERE operation.id IN %s
             ORDER BY operation.priority DESC, COALESCE(repair.promised_at, operation.due_at) NULLS LAST,
                      operation.sequence, operation.id""",
                self._board_columns_sudo(company),
                query.subselect(),
            )
        )
        for row in rows:
            moments = [moment for moment in (row['due_at'], row['promised_at']) if moment]
            row.update(
                {
                    'late': row['state'] not in CLOSED_STATES and any(moment < now for moment in moments),
                    'team': teams.get(row['team_id'], {}).get('name') or '',
                    'bay': bays.get(row['bay_id'], {}).get('name') or '',
                    'technicians': [],
                    'running': [],
                    'planned_hours': row['planned_hours'] or 0.0,
                    'clocked_hours': row['clocked_hours'] or 0.0,
                    'due_at': fields.Datetime.to_string(row['due_at']) if row['due_at'] else False,
                    'promised_at': fields.Datetime.to_string(row['promised_at']) if row['promised_at'] else False,
                }
            )
        return rows

    @api.model
    def _board_columns_sudo(self, company):
        """Return more columns of an operation on the board, each begun by a comma; rooms add theirs through super().

        :rtype: SQL
        """
        return SQL()

    @api.model
    def _board_persons_of_operations(self, rows):
        """Fill in technicians and running clocks, in one query.

        :return: `{employee id: (operation id, since)}`
        :rtype: dict
        """
        by_id = {row['id']: row for row in rows}
        running = {}
        if not by_id:
            return running
        for operation_id, since, person_id, name in self.env.execute_query(
            SQL(
                """SELECT rel.operation_id, NULL::timestamp, employee.id, employee.name
                 FROM aftersales_operation_technician_rel rel JOIN hr_employee employee ON employee.id = rel.employee_id
                WHERE rel.operation_id IN %(ids)s
            UNION ALL
               SELECT clock.operation_id, clock.start, employee.id, employee.name
                 FROM aftersales_labour_time clock JOIN hr_employee employee ON employee.id = clock.employee_id
                WHERE clock.stop IS NULL AND clock.operation_id IN %(ids)s
             ORDER BY 4, 3""",
                ids=tuple(by_id),
            )
        ):
            if since:
                by_id[operation_id]['running'].append(name)
                running[person_id] = (operation_id, since)
            else:
                by_id[operation_id]['technicians'].append({'id': person_id, 'name': name})
        return running

    @api.model
    def _board_waiting(self, company, warehouse):
        """Return authorised orders whose work nobody has dispatched yet, by promise."""
        orders = self.env['aftersales.repair.order'].search_fetch(
            [
                ('company_id', '=', company.id),
                ('state', '=', 'authorised'),
                ('outcome', '=', 'open'),
                ('operation_ids', 'not any', [('state', '!=', 'cancelled')]),
                *([('warehouse_id', '=', warehouse)] if warehouse else []),
            ],
            ['name', 'license_plate', 'promised_at', 'customer_place'],
            limit=80,
        )
        return [
            {
                'order_id': order.id,
                'name': order.name,
                'plate': order.license_plate or '',
                'promised_at': fields.Datetime.to_string(order.promised_at) if order.promised_at else False,
                'customer_waiting': order.customer_place == 'waiting',
            }
            for order in orders
        ]

    @api.model
    def _board_capacity_sudo(self, people, start, end):
        """Return the working hours of people that are left of a day: opening hours less leave.

        Own query for the leaves: the core's batch reads employee versions person by person. Sudo: opening hours are no
        secret, of a leave only its length is used.

        :rtype: dict[int, float]  `{hr.employee id: hours}`
        """
        hours = {}
        leaves = defaultdict(list)
        for calendar_id, resource_id, begin, stop in self.env.execute_query(
            SQL(
                """SELECT calendar_id, resource_id, date_from, date_to FROM resource_calendar_leaves
                WHERE date_from < %s AND date_to > %s AND time_type = 'leave'
                  AND (company_id = %s OR company_id IS NULL) AND (resource_id IS NULL OR resource_id IN %s)""",
                end,
                start,
                self.env.company.id,
                tuple(person['resource_id'] for person in people) or (0,),
            )
        ):
            leaves[(calendar_id, resource_id)].append((begin, stop))
        by_calendar = defaultdict(list)
        for person in people:
            by_calendar[person['calendar_id']].append(person)
        for calendar_id, group in by_calendar.items():
            calendar = self.env['resource.calendar'].sudo().browse(calendar_id or [])
            if not calendar:
                # No calendar at all: free whenever asked, eight hours a day.
                hours.update(
                    dict.fromkeys((person['id'] for person in group), min((end - start).total_seconds() / 3600, 8.0))
                )
                continue
            opened = [
                (begin.astimezone(pytz.utc).replace(tzinfo=None), stop.astimezone(pytz.utc).replace(tzinfo=None))
                for begin, stop, _meta in calendar._attendance_intervals_batch(
                    pytz.utc.localize(start), pytz.utc.localize(end)
                )[False]
            ]
            closed = leaves[(calendar_id, None)] + leaves[(None, None)]
            for person in group:
                away = closed + leaves[(calendar_id, person['resource_id'])] + leaves[(None, person['resource_id'])]
                hours[person['id']] = _hours_outside(opened, away)
        return hours

    # === SHAPES === #

    @api.model
    def _board_teams(self, teams, people, open_rows, capacity):
        """Return the load of each team: open hours against what its people can still do today."""
        result = []
        for team in teams.values():
            hours = sum(
                max(row['planned_hours'] - row['clocked_hours'], 0.0)
                for row in open_rows
                if row['team_id'] == team['id']
            )
            able = sum(capacity.get(person['id'], 0.0) for person in people if person['team_id'] == team['id'])
            result.append(
                {
                    **team,
                    'open_hours': hours,
                    'capacity_hours': able,
                    'load_pct': round(100 * hours / able) if able else None,
                }
            )
        return result

    @api.model
    def _board_technicians(self, people, running, open_rows):
        """Return what each person of the teams is doing now."""
        hours = defaultdict(float)
        for row in open_rows:
            for person in row['technicians']:
                hours[person['id']] += row['planned_hours'] / len(row['technicians'])
        result = []
        for person in people:
            operation_id, since = running.get(person['id'], (False, False))
            result.append(
                {
                    'id': person['id'],
                    'name': person['name'],
                    'team_id': person['team_id'],
                    'state': 'working' if operation_id else 'free',
                    'operation_id': operation_id,
                    'since': fields.Datetime.to_string(since) if since else False,
                    'open_hours': hours[person['id']],
                }
            )
        return result


def _hours_outside(opened, away):
    """Return the hours of intervals that no leave covers.

    :param list opened: (start, stop), sorted, without overlaps.
    :param list away: (start, stop), any order, may overlap.
    """
    total = timedelta()
    for begin, stop in opened:
        moment = begin
        for leave_start, leave_stop in sorted(away):
            if leave_stop <= moment or leave_start >= stop:
                continue
            total += max(timedelta(), leave_start - moment)
            moment = max(moment, leave_stop)
        total += max(timedelta(), stop - moment)
    return total.total_seconds() / 3600
