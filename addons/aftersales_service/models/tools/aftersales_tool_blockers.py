from odoo import api, fields, models

from ..base.errors import coded_error

# Who asks for the tools, while a verb or a counter looks for reasons against it: {name: id or plain value}.
LOAN = 'aftersales_tool_loan'
# Kits whose pieces are on their way with them: ids.
KITS = 'aftersales_tool_kits'


class AftersalesTool(models.Model):
    """Reasons against lending, handing on and exchanging; all of them at once."""

    _inherit = 'aftersales.tool'

    # === WHO IS ASKING === #

    def _for_loan(self, employee=None, team=None, second=None, signature=None, due_at=None, moving=False):
        """Return these tools knowing who asks for them, so that `_blockers('lend')` can judge the person too.

        :param employee: hr.employee who borrows; for a team its leader answers.
        :param bool moving: handed on or exchanged, so it need not be in the tool room.
        """
        return self.with_context(**{LOAN: {
            'employee': employee.id if employee else False,
            'team': team.id if team else False,
            'second': second.id if second else False,
            'signed': bool(signature),
            'due_at': due_at or False,
            'moving': moving,
        }})

    def _loan(self):
        return self.env.context.get(LOAN) or {}

    def _loan_person(self):
        """Return who answers for the loan: the borrower or the leader of the borrowing team; as superuser."""
        loan = self._loan()
        if loan.get('team'):
            return self.env['aftersales.team'].sudo().browse(loan['team']).leader_id
        return self.env['hr.employee'].sudo().browse(loan.get('employee') or ())

    # === WHO MAY === #

    def _ensure_keeper(self):
        """Only keepers lend, take back and record (R-TOOL-02): tool keepers, and who keeps these very tools.

        :raise UserError: TOO-01.
        """
        if self.env.su or self.env.user.has_group('aftersales_service.group_tool_keeper'):
            self.check_access('read')
            return
        own = self.env.user.sudo().employee_ids
        if not self or self.sudo().keeper_id - own or not all(tool.sudo().keeper_id for tool in self):
            raise coded_error('TOO-01', self.env._(
                "Only a tool keeper lends tools and takes them back. Ask at the tool room.",
            ))
        self.check_access('read')

    def _ensure_holder(self, employee, team):
        """Refuse a loan without exactly one borrower, and any borrower from outside (R-TOOL-07), whatever the gates.

        :raise UserError: TOO-02, TOO-05.
        """
        if bool(employee) == bool(team) or len(employee or team) != 1:
            raise coded_error('TOO-02', self.env._("Name one borrower: a colleague, or a team."))
        borrower = (employee or team).sudo()
        if employee:
            # Read together with the keepers, who are looked at next.
            (borrower | self.sudo().keeper_id).mapped('active')
        for tool in self:
            if not borrower.active or borrower.company_id not in (tool.company_id, tool.company_id.root_id):
                raise coded_error('TOO-05', self.env._(
                    "%(borrower)s does not work for %(company)s: tools never leave the company. Lending them outside "
                    "counts as theft.", borrower=borrower.name, company=tool.company_id.name,
                ))

    @api.model
    def _second_of_badge(self, code):
        """Return the hr.employee whose badge lies on the counter, of this company; may be empty.

        A loan to oneself wants the badge itself: whoever could pick a name would need no second person.

        :param str code: what the scanner read; False for none.
        """
        badge = self.env['stock.picking']._aftersales_badge_sudo((code or '').strip())
        person = self.env['hr.employee'].browse(badge['id'] if badge else ())
        return person.filtered(lambda person: person.sudo().company_id in (self.env.company, self.env.company.root_id))

    # === GATES === #

    def _overridden_sudo(self):
        """Let an override of a tool's gate count for the day on which it was given, not for ever."""
        overridden = super()._overridden_sudo()
        if not overridden:
            return overridden
        start, _end = self.env.company._aftersales_day_bounds()
        today = {
            (override.res_id, override.gate, override.code)
            for override in self.env['aftersales.override'].sudo().search([
                ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('create_date', '>=', start),
            ])
        }
        for res_id, passed in overridden.items():
            overridden[res_id] = {(gate, code) for gate, code in passed if (res_id, gate, code) in today}
        return overridden

    def _blockers(self, target):
        """Targets: `lend` (to whom `_for_loan` names) and `exchange` (of a personal tool for a new one)."""
        found = super()._blockers(target)
        if target == 'lend':
            person = self._person_blockers()
            for tool in self:
                found[tool] += [*tool._tool_blockers(), *(make(tool) for make in person)]
        elif target == 'exchange':
            for tool in self:
                found[tool] += tool._exchange_blockers()
        return found

    def _tool_blockers(self):
        """Return what is wrong with the tool itself."""
        self.ensure_one()
        blockers = []
        moving = self._loan().get('moving')
        if self.parent_id and self.parent_id not in self.env['aftersales.tool'].browse(
            self.env.context.get(KITS) or (),
        ):
            blockers.append(self._blocker(None, 'TOO-03', self.env._(
                "%(tool)s is a piece of %(kit)s: the kit is lent whole.",
                tool=self.display_name, kit=self.parent_id.display_name,
            )))
        if not moving and self.available_qty <= 0:
            blockers.append(self._blocker(None, 'TOO-04', self._where_message()))
        # A box takes along what lies in it: a gauge in it is lent as well.
        gone = self.missing_piece_ids if self.piece_count else self.browse()
        there = self | self.piece_ids - gone if self.piece_count else self
        for tool in there.filtered('is_calibration_expired'):
            blockers.append(self._blocker('tool_calibration', 'TOO-20', tool._calibration_message(), {
                'label': self.env._("Send to calibration"),
                'action': tool._action_form(),
            }))
        if gone:
            blockers.append(self._blocker('tool_kit_incomplete', 'TOO-26', self.env._(
                "%(kit)s is not complete: %(pieces)s missing.",
                kit=self.display_name, pieces=", ".join(gone.mapped('display_name')),
            )))
        loan = self._loan()
        if self.behaviour == 'personal' and loan.get('team') or self.behaviour == 'team' and loan.get('employee'):
            blockers.append(self._blocker(None, 'TOO-06', self.env._(
                "%(tool)s: personal tools are issued to a person, team tools to a team.", tool=self.display_name,
            )))
        due = fields.Datetime.to_datetime(loan.get('due_at'))
        if self.behaviour == 'loan' and not self.is_rescue and due and due > self._return_time():
            blockers.append(self._blocker('tool_same_day', 'TOO-27', self.env._(
                "%(tool)s must be back by %(time)s.", tool=self.display_name, time=self._local_text(self._return_time()),
            )))
        return blockers

    def _person_blockers(self):
        """Return one maker of a blocker per thing that is wrong with the borrower; the person is looked at once."""
        person, loan = self._loan_person(), self._loan()
        if not person:
            return []
        makers = []
        if person.employee_type in ('contractor', 'freelance'):
            makers.append(lambda tool: tool._blocker('tool_contractor', 'TOO-24', self.env._(
                "%(person)s is not employed here and borrows no tools.", person=person.name)))
        overdue = self._overdue_of(person, loan.get('team'))
        if overdue:
            makers.append(lambda tool: tool._blocker('tool_overdue', 'TOO-21', self.env._(
                "%(person)s still has %(tools)s, due %(time)s. It comes back first.",
                person=person.name, tools=", ".join(overdue.tool_id.mapped('display_name')),
                time=self._local_text(min(overdue.mapped('due_at'))),
            ), {'label': self.env._("Show the loan"), 'action': self._action_loans(overdue)}))
        if person.user_id == self.env.user and loan.get('second') in (False, person.id):
            makers.append(lambda tool: tool._self_blocker())
        if not loan.get('signed'):
            makers.append(lambda tool: tool._signature_blocker(person))
        makers.append(lambda tool: tool._twice_blocker(person))
        return makers

    def _self_blocker(self):
        """Return that a second person lacks: for every loan to oneself, or for dear tools only."""
        dear = self.sudo().purchase_value > self.company_id.sudo().aftersales_tool_self_value
        gates = ['tool_self_loan', *(['tool_self_value'] if dear else [])]
        message = self.env._(
            "You would lend %(tool)s to yourself: a second person scans his badge.", tool=self.display_name)
        return next(filter(None, (self._blocker(gate, 'TOO-22', message) for gate in gates)), None)

    def _signature_blocker(self, person):
        """Return the signature that lacks; at the level *warn* it is asked for after the loan instead."""
        gate = 'tool_issue_receipt' if self.behaviour == 'personal' else 'tool_signature'
        if self.company_id._aftersales_gate(gate) in ('off', 'warn'):
            return None
        return self._blocker(gate, 'TOO-23', self.env._(
            "%(person)s has to sign for %(tool)s.", person=person.name, tool=self.display_name,
        ))

    def _twice_blocker(self, person):
        """Return the old tool of the same kind that has to come back for a new one (R-TOOL-09)."""
        if self.behaviour != 'personal' or self._loan().get('moving'):
            return None
        old = self.sudo().search([
            ('holder_employee_id', '=', person.id), ('category_id', '=', self.category_id.id), ('id', '!=', self.id),
            ('name', '=', self.name), ('state', '=', 'out'), ('tracking', '=', 'serial'),
        ], limit=1)
        return self._blocker('tool_issue_twice', 'TOO-25', self.env._(
            "%(person)s already has %(old)s. Exchange it: the new one only for the old one.",
            person=person.name, old=old.display_name,
        )) if old else None

    def _exchange_blockers(self):
        self.ensure_one()
        today = self.company_id._aftersales_today()
        if self.service_until and today < self.service_until:
            return [self._blocker('tool_exchange_early', 'TOO-30', self.env._(
                "%(tool)s serves until %(date)s: it is not exchanged early.",
                tool=self.display_name, date=fields.Date.to_string(self.service_until),
            ))]
        return []

    def _overdue_of(self, person, team_id=False):
        """Return the overdue loans of a person (or of his team), as superuser."""
        now = fields.Datetime.now()
        holder = [('dest_team_id', '=', team_id)] if team_id else [('dest_employee_id', '=', person.id)]
        return self.env['aftersales.tool.move'].sudo().search([
            *holder, ('open_qty', '>', 0), ('due_at', '<', now), ('dest_place', 'in', ('employee', 'team')),
        ])

    # === WORDS === #

    def _where_message(self):
        """Return in words where the tool is, when it cannot be lent."""
        self.ensure_one()
        tool = self.sudo()
        if tool.state == 'out':
            loans = tool._open_moves()
            return self.env._(
                "%(tool)s is out: %(holders)s, since %(time)s.", tool=self.display_name,
                holders=", ".join(dict.fromkeys(loan.holder or '' for loan in loans)),
                time=self._local_text(min(loans.mapped('at'))),
            )
        states = dict(self._fields['state']._description_selection(self.env))
        return self.env._("%(tool)s cannot be lent: %(state)s.", tool=self.display_name, state=states[tool.state])

    def _calibration_message(self):
        """Return in words that the calibration is over, and what may be lent instead (R-TOOL-11)."""
        self.ensure_one()
        others = self._alternatives()
        due = fields.Date.to_string(self.calibration_due) if self.calibration_due else self.env._("never")
        if not others:
            return self.env._("%(tool)s: calibrated until %(date)s. None like it is free.",
                              tool=self.display_name, date=due)
        return self.env._(
            "%(tool)s: calibrated until %(date)s. Free instead: %(others)s.", tool=self.display_name, date=due,
            others=", ".join(
                f'{other.display_name} ({other.shelf})' if other.shelf else other.display_name for other in others
            ),
        )

    def _alternatives(self, limit=3):
        """Return tools of the same category that could be lent now."""
        self.ensure_one()
        return self.search([
            ('category_id', '=', self.category_id.id), ('company_id', '=', self.company_id.id), ('id', '!=', self.id),
            ('available_qty', '>', 0), ('parent_id', '=', False), ('is_calibration_expired', '=', False),
        ], limit=limit)

    def _local_text(self, moment):
        """Return a moment as the shop's clock shows it: the hour today, else day and hour."""
        company = self.company_id[:1] or self.env.company
        local = company._aftersales_local_time(moment)
        same_day = local.date() == company._aftersales_local_time(fields.Datetime.now()).date()
        return local.strftime('%H:%M' if same_day else '%m-%d %H:%M')

    def _action_form(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'views': [(False, 'form')],
        }

    def _action_loans(self, moves):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Open loans"), 'res_model': moves._name,
            'views': [(False, 'list'), (False, 'form')], 'domain': [('id', 'in', moves.ids)],
        }
