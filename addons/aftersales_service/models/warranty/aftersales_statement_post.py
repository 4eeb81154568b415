import logging
from time import perf_counter

from odoo import Command, fields, models

from ...rules.split import split_amount
from ..base.const import MACHINE_MADE
from ..base.errors import coded_error
from .claim_const import SENT_STATES

_logger = logging.getLogger(__name__)


class AftersalesWarrantyStatement(models.Model):
    """The statement reaches the books: one invoice over what was approved, the cost of exactly these jobs out of transit."""

    _inherit = 'aftersales.warranty.statement'

    # === GATES === #

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'posted':
            for statement in self:
                found[statement] += [blocker for blocker in statement._posting_blockers() if blocker]
        return found

    def _posting_blockers(self):
        """Return all that keeps the statement from being posted, each with the way out."""
        self.ensure_one()
        _ = self.env._
        fmt = self.currency_id.format
        blockers = []
        if self.posted_at or not self.line_ids:
            blockers.append(self._blocker(None, 'WAR-84', _(
                "%(statement)s is posted already, or has no lines.", statement=self.display_name)))
        unread = self.line_ids.filtered(lambda line: line.state == 'error')
        if unread:
            blockers.append(self._blocker(None, 'WAR-85', _(
                "%(count)s rows cannot be read: %(problem)s Correct or delete them.",
                count=len(unread), problem=unread[0].row_error)))
        open_lines = self.line_ids.filtered(lambda line: line.state in ('unknown', 'doubtful'))
        if open_lines:
            blockers.append(self._blocker('statement_complete', 'WAR-82', _(
                "%(count)s lines have no claim of ours (%(first)s …). Choose the claim, or delete the line; otherwise they are "
                "left out of the invoice.", count=len(open_lines),
                first=open_lines[0].their_number or open_lines[0].our_number or open_lines[0].vin or '')))
        if not self.currency_id.is_zero(self.total_difference):
            blockers.append(self._blocker('statement_complete', 'WAR-83', _(
                "The lines add up to %(lines)s, the statement says %(stated)s.",
                lines=fmt(self.amount_total), stated=fmt(self.stated_total))))
        for line in self.line_ids.filtered('claim_id'):
            if problem := self._line_problem(line):
                blockers.append(self._blocker(None, 'WAR-85', problem))
            elif line.state == 'differs' and line.claim_id.decided_at:
                blockers.append(self._blocker(None, 'WAR-87', _(
                    "%(claim)s: %(amount)s credited, but %(expected)s recorded as the answer. Accept their amount, or ask them.",
                    claim=line.claim_id.name, amount=fmt(line.amount), expected=fmt(line.expected_total))))
        return blockers

    def _line_problem(self, line):
        """Say why a claim cannot be on this statement; empty text when it can."""
        claim, _ = line.claim_id, self.env._
        settlement = claim.sudo().settlement_id
        if claim.company_id != self.company_id or claim.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            return _("%(claim)s belongs to another company or another manufacturer.", claim=claim.name)
        if line._is_charge_back():
            return '' if claim.statement_line_id else _(
                "%(claim)s was never credited: nothing can be charged back.", claim=claim.name)
        if claim.booked_at:
            return _("%(claim)s is in the books already (%(statement)s).", claim=claim.name,
                     statement=claim.statement_id.name or _("refused"))
        if not claim.submitted_at or claim.cancelled_at:
            return _("%(claim)s was never sent to the manufacturer.", claim=claim.name)
        if not settlement.settled_at:
            return _("%(order)s of %(claim)s is not settled yet: settle it first.", order=claim.order_id.name, claim=claim.name)
        if settlement.decision:
            return _("%(settlement)s was decided by hand already.", settlement=settlement.name)
        return ''

    # === POSTING === #

    def _post(self):
        """Post the statement: decide its claims, invoice what is approved in one document, move the cost of the jobs.

        What was not approved waits on each claim for a decision who bears it (`claim._resolve_rest`); negative lines
        become charge-backs of the claims credited before.

        :return: the invoice; empty when nothing at all was approved.
        :rtype: recordset of account.move
        :raise UserError: WAR-81 role, WAR-86 busy, SET-03 an order is being settled, and the blockers of target `posted`.
        """
        self.ensure_one()
        start = perf_counter()
        self._ensure_accountant()
        self._lock_sudo()
        statement = self.sudo().with_company(self.company_id)
        lines = statement.line_ids.filtered(lambda line: line.kind == 'extra' or line.claim_id)
        lines.claim_id.order_id._lock_settlement_sudo()
        lines.claim_id.invalidate_recordset(['booked_at', 'state'])
        self._ensure_no_blockers('posted')
        credits = lines.filtered(lambda line: line.claim_id and not line._is_charge_back())
        statement._decide_claims(credits)
        claims = credits.claim_id
        claims._book_sudo({order: order._payer_line_amounts() for order in claims.order_id})
        for line in credits:
            line.claim_id._guarded().write({'statement_line_id': line.id})
        invoice = statement._post_invoice(lines - lines.filtered(lambda line: line._is_charge_back()))
        # Written as their accountant, not as the superuser who may.
        statement._guarded().write({'posted_at': fields.Datetime.now(), 'posted_by_id': self.env.uid, 'move_id': invoice.id})
        lines._guarded().write({'is_booked': True})
        claims._follow_up_sudo()
        for line in lines.filtered(lambda line: line._is_charge_back()):
            line.claim_id._charge_back_sudo(-line.amount, reason=line.reason_id, note=line.note, source=statement)
        _logger.info("posted %s: %s claims in %d ms", self.name, len(claims), (perf_counter() - start) * 1000)
        return invoice.with_env(self.env)

    def _decide_claims(self, lines):
        """Record the statement's amounts as the answer where none, or another accepted one, was recorded."""
        default = self.env.ref('aftersales_service.reason_claim_statement', raise_if_not_found=False)
        for line in lines:
            claim, currency = line.claim_id, line.currency_id
            wanted = min(line.amount, line.claimed_total)
            if claim.decided_at and currency.compare_amounts(claim.approved_total, wanted) == 0:
                if line.their_number and not claim.manufacturer_number:
                    claim.manufacturer_number = line.their_number
                continue
            reason = line.reason_id or default
            amounts = claim._spread_amount(wanted)
            cut = [item for item, amount in amounts.items() if currency.compare_amounts(amount, item.claimed_amount) < 0]
            if claim.state not in SENT_STATES:
                # Another answer was written down before his list came: the list counts.
                claim._forget_answer()
            claim._decide(
                amounts, reasons=dict.fromkeys(cut, reason), notes=dict.fromkeys(cut, line.note) if line.note else None,
                manufacturer_number=line.their_number or None,
            )

    def _post_invoice(self, lines):
        """Create and post the invoice over all lines, and write down what each of them got of it; as superuser."""
        self.ensure_one()
        Move = self.env['account.move']
        vals_list = []
        for line in lines:
            vals_list += self._prepare_claim_items(line)
            if excess := line._excess():
                vals_list.append(self._prepare_extra_item(line, excess))
        if not vals_list:
            return Move
        if sum(vals['price_unit'] * vals['quantity'] for vals in vals_list) < 0:
            raise coded_error('WAR-84', self.env._(
                "%(statement)s comes to less than nothing. Record what is taken back as charge-backs of the claims.",
                statement=self.display_name))
        if orders := lines.claim_id.order_id:
            # Any of them: the company's way of computing taxes is asked for.
            orders[0]._add_balances(self.partner_id, vals_list, 1)
        today = self.company_id._aftersales_today()
        invoice = Move._guarded().with_context(**MACHINE_MADE).create({
            'move_type': 'out_invoice',
            'journal_id': self.company_id._aftersales_sale_journal().id,
            'company_id': self.company_id.id,
            'partner_id': self.partner_id.id,
            'currency_id': self.currency_id.id,
            'invoice_date': today,
            'date': today,
            'invoice_origin': self.name,
            'ref': self.number or self.name,
            'invoice_line_ids': [Command.create(vals) for vals in vals_list],
            'aftersales_statement_id': self.id,
            'aftersales_kind': 'invoice',
        })
        invoice._guarded()._post(soft=False)
        self._write_totals(invoice, lines)
        return invoice

    def _prepare_claim_items(self, line):
        """Return the invoice lines of a claim: the approved part of each repair line, its quantity whole."""
        claim = line.claim_id
        order, settlement = claim.order_id, claim.settlement_id
        vals_list = []
        for item in claim.line_ids:
            if item.replaced_move_id or self.currency_id.is_zero(item.approved_amount):
                continue
            vals = order._prepare_invoice_line_vals(settlement, item.line_id, item.approved_amount, False)
            vals['name'] = ' · '.join(part for part in (claim.name, claim.manufacturer_number, vals['name']) if part)
            vals_list.append({**vals, 'aftersales_statement_line_id': line.id})
        return vals_list

    def _prepare_extra_item(self, line, amount):
        """Return the invoice line of a bonus or a handling fee, in the price basis of the sales tax."""
        company = self.company_id
        tax = company.account_sale_tax_id
        position = self.env['account.fiscal.position'].with_company(company)._get_fiscal_position(self.partner_id)
        if tax and not tax.price_include:
            amount = tax.with_context(force_price_include=True).compute_all(amount, currency=self.currency_id)['total_excluded']
        label = line.note or (self.env._("More than claimed") if line.claim_id else self.env._("Bonus or handling"))
        return {
            'name': ' · '.join(part for part in (line.claim_id.name, line.their_number, label) if part),
            'quantity': 1.0,
            'price_unit': amount,
            'discount': 0.0,
            'product_id': False,
            'tax_ids': [Command.set(position.map_tax(tax).ids)],
            'account_id': company._aftersales_sale_journal().default_account_id.id,
            'aftersales_statement_line_id': line.id,
        }

    def _write_totals(self, invoice, lines):
        """Write what each line got of the invoice: their sum is its total, tax included, to the cent."""
        items = invoice.invoice_line_ids.filtered(lambda item: item.display_type == 'product')
        keys = sorted({(item.aftersales_statement_line_id.id, bool(item.aftersales_line_id)) for item in items})
        totals, nets = dict.fromkeys(keys, 0.0), dict.fromkeys(keys, 0.0)
        for item in items:
            key = item.aftersales_statement_line_id.id, bool(item.aftersales_line_id)
            totals[key] += item.price_total
            nets[key] += item.price_subtotal
        unit = self.currency_id.rounding

        def shares(total, amounts):
            return dict(zip(keys, split_amount(round(total / unit), [max(0, round(amounts[key] / unit)) for key in keys]), strict=True))

        gross, net = shares(invoice.amount_total, totals), shares(invoice.amount_untaxed, nets)
        for line in lines:
            mine, extra = (line.id, True), (line.id, False)
            line._guarded().write({
                'total_amount': self.currency_id.round(gross.get(mine, 0) * unit),
                'tax_amount': self.currency_id.round((gross.get(mine, 0) - net.get(mine, 0)) * unit),
                'extra_amount': self.currency_id.round(gross.get(extra, 0) * unit),
            })

    # === REVERSAL === #

    def _reverse(self, reason):
        """Take a wrongly posted statement back: credit note over all of it, claims and cost as they were before.

        :param str reason: why, for the chatter and the credit note.
        :return: the credit note.
        :raise UserError: WAR-81 role, WAR-86 busy, WAR-92 paid, charged back or decided meanwhile, or no reason.
        """
        self.ensure_one()
        self._ensure_accountant()
        self._lock_sudo()
        statement = self.sudo().with_company(self.company_id)
        claims = statement.line_ids.filtered('is_booked').claim_id.filtered(lambda claim: claim.statement_id == statement)
        claims.order_id._lock_settlement_sudo()
        self._ensure_reversible(statement, claims, reason)
        note = self.env['account.move']
        if invoice := statement.move_id:
            today = self.company_id._aftersales_today()
            note = invoice._guarded()._reverse_moves(
                [{'ref': self.env._("Reversal of %(statement)s: %(reason)s", statement=self.name, reason=reason),
                  'date': today, 'invoice_date': today}], cancel=True,
            )
        statement.line_ids._guarded().write({'is_booked': False, 'total_amount': 0.0, 'tax_amount': 0.0, 'extra_amount': 0.0})
        statement._guarded().write({
            'reversed_at': fields.Datetime.now(), 'reversed_by_id': self.env.uid, 'reverse_reason': reason,
        })
        claims._unbook_sudo()
        claims._follow_up_sudo()
        self.message_post(body=self.env._("Reversed: %(reason)s", reason=reason))
        return note.with_env(self.env)

    def _ensure_reversible(self, statement, claims, reason):
        """Name the one thing that keeps a statement in the books.

        :raise UserError: WAR-92
        """
        _ = self.env._
        problem = False
        if not (reason or '').strip():
            problem = _("Write down why the statement is reversed.")
        elif not statement.posted_at or statement.reversed_at:
            problem = _("It is not posted, or reversed already.")
        elif statement.move_id and self.currency_id.compare_amounts(statement.move_id.amount_residual, statement.move_id.amount_total):
            problem = _("Its invoice is paid, netted or credited in part: undo the matching on the invoice first.")
        elif backs := claims.chargeback_ids | self.env['aftersales.claim.chargeback'].sudo().search([('statement_id', '=', self.id)]):
            problem = _("Charge-backs hang on it: %(claims)s.", claims=", ".join(backs.claim_id.mapped('name')))
        elif rests := claims.rest_ids.filtered(lambda rest: rest.state in ('done', 'requested')):
            problem = _("Somebody decided who bears the rest of %(claims)s: take these decisions back first.",
                        claims=", ".join(rests.claim_id.mapped('name')))
        if problem:
            raise coded_error('WAR-92', _(
                "%(statement)s cannot be reversed. %(problem)s", statement=statement.display_name, problem=problem))

    # === ACTIONS === #

    def action_post(self):
        """Post from the screen: the explaining dialog when something blocks."""
        self.ensure_one()
        if action := self._gate_action('posted', 'action_post'):
            return action
        self._post()
        return True
