from odoo import fields, models

from ..base.errors import coded_error


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    def _ensure_may_resolve(self):
        """Refuse who may not say who bears a rest.

        :raise UserError: WAR-81
        """
        if not (self.env.su or self.env.user.has_groups(
            'aftersales_service.group_accountant,aftersales_service.group_frontdesk_supervisor,'
            'aftersales_service.group_service_manager'
        )):
            raise coded_error('WAR-81', self.env._(
                "Who bears what the manufacturer did not pay is decided by the accountant or a front-desk supervisor."))
        self.check_access('read')

    def _resolve_rest(self, kind, reason=None, note=None, consent_means='phone', consent_name=None, lines=None):
        """Decide who bears what the manufacturer did not approve; refused claims not in the books yet are booked first.

        Cost and revenue follow at once; a write-off above the limit waits for a second person.

        :param str kind: `goodwill` (the reason sets the account), `customer` (his consent is recorded) or `write_off`.
        :param reason: `aftersales.reason` of kind goodwill, for goodwill.
        :param str consent_name: who agreed, for the customer.
        :param lines: claim lines; all that is open unless given.
        :return: the decisions.
        :rtype: recordset of aftersales.claim.rest
        :raise UserError: WAR-81 role, WAR-88 nothing open, WAR-89 reason or name missing, WAR-36 busy.
        """
        self._ensure_may_resolve()
        if kind == 'goodwill' and not reason:
            raise coded_error('WAR-89', self.env._("Choose the goodwill reason: it decides the cost account."))
        if kind == 'customer' and not (consent_name or '').strip():
            raise coded_error('WAR-89', self.env._("Write down who agreed to pay the rest: the customer's consent is needed."))
        self._lock_sudo()
        rests = self.env['aftersales.claim.rest']
        for claim in self.sudo():
            if claim.state == 'rejected' and not claim.booked_at:
                claim._book_refusal()
            wanted = claim.line_ids if lines is None else lines.sudo() & claim.line_ids
            transfers = claim.transfer_ids.filtered(
                lambda transfer, wanted=wanted: transfer.step == 'rest' and not transfer.rest_id and transfer.line_id in wanted.line_id)
            if not transfers:
                raise coded_error('WAR-88', self.env._(
                    "Nothing of %(claim)s waits for a decision who bears it.", claim=claim.display_name))
            by_line = {transfer.line_id: transfer.amount for transfer in transfers}
            rest = rests.sudo()._guarded().create({
                'claim_id': claim.id,
                'kind': kind,
                'amount': sum(by_line.values()),
                'amount_total': claim.order_id._invoice_totals(claim.payer_id, by_line)['total'],
                'reason_id': reason.id if reason else False,
                'note': note or False,
                'consent_means': consent_means if kind == 'customer' else False,
                'consent_name': consent_name if kind == 'customer' else False,
                'requested_by_id': self.env.uid,
            })
            transfers._guarded().write({'rest_id': rest.id})
            if not rest._needs_second_person():
                rest._apply()
            rests |= rest.with_env(self.env)
        return rests

    def action_resolve_rest(self):
        """Open the dialog that says who bears what was not approved."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Who Bears the Rest?"),
            'res_model': 'aftersales.claim.rest.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_claim_ids': [fields.Command.set(self.ids)]},
        }
