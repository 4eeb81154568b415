from datetime import timedelta

import pytz

from odoo import api, fields, models

from .const import CLOSED_STATES


class AftersalesOperation(models.Model):
    """Who could take an operation: by trade, open hours and load (R-PROC-56, R-ROLE-10)."""

    _inherit = 'aftersales.operation'

    def _suggest_people(self):
        """Give an operation to the best team of its trade, or the least loaded technician where there are no teams."""
        self.ensure_one()
        team = self.env['aftersales.team']._rank_sudo(self.company_id, self.trade)[:1]
        if team:
            self._guarded().write({'team_id': team.id})
            return
        people = self._technicians_by_load(self.company_id, self.trade)
        if people:
            self._guarded().write({'technician_ids': [(6, 0, people[:1].ids)]})

    @api.model
    def _technicians_by_load(self, company, trade):
        """Return the technicians of a trade, the one with the fewest open hours first, as superuser.

        A shop whose people have no such trade offers everybody with a trade.
        """
        people = (
            self.env['hr.employee'].sudo().search([('company_id', '=', company.id), ('aftersales_trade', '!=', False)])
        )
        people = people.filtered(lambda person: not trade or person.aftersales_trade == trade) or people
        load = self._open_hours_sudo(people)
        return people.sorted(lambda person: (load.get(person.id, 0.0), person.id))

    @api.model
    def _open_hours_sudo(self, people):
        """Return the planned hours that people have not finished; shared operations count by head.

        :rtype: dict[int, float]  `{hr.employee id: hours}`; sudo: a sum, no document.
        """
        load = {}
        operations = self.sudo().search_fetch(
            [('technician_ids', 'in', people.ids), ('state', 'not in', CLOSED_STATES)],
            ['technician_ids', 'planned_hours'],
        )
        for operation in operations:
            for person in operation.technician_ids:
                load[person.id] = load.get(person.id, 0.0) + operation.planned_hours / len(operation.technician_ids)
        return load

    @api.model
    def _capacity_sudo(self, people, start, end):
        """Return the working hours of people between two moments, by their calendars.

        :param datetime start: UTC.
        :param datetime end: UTC.
        :rtype: dict[int, float]  `{hr.employee id: hours}`; sudo: opening hours are no secret.
        """
        hours = dict.fromkeys(people.ids, 0.0)
        for calendar, group in people.sudo().grouped(lambda person: person.resource_id.calendar_id).items():
            if not calendar:
                # No calendar at all: free whenever asked, eight hours a day.
                hours.update(dict.fromkeys(group.ids, min((end - start).total_seconds() / 3600, 8.0)))
                continue
            intervals = calendar._work_intervals_batch(
                pytz.utc.localize(start),
                pytz.utc.localize(end),
                resources=group.resource_id,
            )
            for person in group:
                hours[person.id] = (
                    sum(
                        ((stop - begin) for begin, stop, _meta in intervals.get(person.resource_id.id, ())),
                        timedelta(),
                    ).total_seconds()
                    / 3600
                )
        return hours

    @api.model
    def _suggestions(self, company, trade, until=None):
        """Rank the teams for a trade with what they could still do until a moment (R-PROC-56).

        :param datetime until: UTC, end of the business day unless given.
        :return: `{'team_id', 'team', 'open_hours', 'capacity_hours', 'load_pct',
            'technicians': [{'id', 'name', 'open_hours'}]}`
        :rtype: list[dict]
        """
        now = fields.Datetime.now()
        until = until or company._aftersales_day_bounds()[1]
        teams = self.env['aftersales.team']._rank_sudo(company, trade)
        people = teams.member_ids
        capacity = self._capacity_sudo(people, now, max(until, now)) if people else {}
        load = self._open_hours_sudo(people) if people else {}
        return [
            {
                'team_id': team.id,
                'team': team.name,
                'open_hours': team.open_hours,
                'capacity_hours': (hours := sum(capacity.get(person.id, 0.0) for person in team.member_ids)),
                'load_pct': round(100 * team.open_hours / hours) if hours else None,
                'technicians': [
                    {'id': person.id, 'name': person.name, 'open_hours': load.get(person.id, 0.0)}
                    for person in team.member_ids.sorted(lambda person: load.get(person.id, 0.0))
                ],
            }
            for team in teams
        ]
