from odoo import models

from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """Handing parts out: what stands against it, and doing it."""

    _inherit = 'aftersales.repair.order'

    # === GATES === #

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'issue':
            for order, reasons in self._issue_blockers().items():
                found[order] += reasons
        return found

    def _issue_blockers(self):
        """Why parts may not be handed out: order over, not dispatched, job not approved, nobody to receive them.

        Looks at the moves being issued when `_action_done` names them in the context, else at all that are reserved.

        :rtype: dict  `{order: [Blocker]}`
        """
        ids = self.env.context.get('aftersales_issue_move_ids')
        # sudo: an advisor may ask why not, without inventory rights.
        moves = (
            self.env['stock.move'].sudo().browse(ids)
            if ids is not None
            else self.sudo().picking_ids.move_ids.filtered(
                lambda move: (
                    move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel') and move.quantity > 0
                )
            )
        )
        by_order = moves.grouped(lambda move: move.aftersales_order_id.id)
        dispatched = self._is_dispatched()
        found = {}
        for order in self:
            reasons = found[order] = []
            mine = by_order.get(order.id, moves.browse())
            if order._is_locked() or order.outcome in ('cancelled', 'declined'):
                reasons.append(
                    order._blocker(
                        None,
                        'PAR-22',
                        self.env._(
                            "%(order)s is over: no more parts are issued on it. Open a follow-up order.",
                            order=order.name,
                        ),
                    )
                )
                continue
            if not dispatched[order]:
                reasons.append(
                    order._blocker(
                        'parts_dispatch',
                        'PAR-23',
                        self.env._(
                            "%(order)s is not dispatched to a team yet: parts are issued against a dispatch only.",
                            order=order.name,
                        ),
                        order._cure_open(self.env._("Open the order")),
                    )
                )
            for job in mine.aftersales_line_id.job_id.with_env(order.env):
                if job.outcome != 'open' or job.is_parked:
                    reasons.append(
                        order._blocker(
                            None,
                            'PAR-24',
                            self.env._(
                                "“%(job)s” is parked or no longer part of %(order)s.",
                                job=job.name,
                                order=order.name,
                            ),
                            order._cure_open(self.env._("Open the order")),
                        )
                    )
                elif not job.is_approved and not all((mine.aftersales_line_id & job.sudo().line_ids).mapped('is_handover')):
                    reasons.append(
                        order._blocker(
                            'parts_consent',
                            'PAR-25',
                            self.env._(
                                "“%(job)s” is not approved in its present content.",
                                job=job.name,
                            ),
                            order._cure_sign(),
                        )
                    )
            if any(not picking.aftersales_receiver_id for picking in mine.picking_id):
                reasons.append(
                    order._blocker(
                        'parts_receiver',
                        'PAR-26',
                        self.env._(
                            "Nobody is named who receives the parts: scan the badge of the technician.",
                        ),
                        order._cure_pickings(mine.picking_id),
                    )
                )
        return found

    def _is_dispatched(self):
        """Tell for each order whether work was dispatched to somebody (R-PART-06).

        The dispatch counts, not the state: an order whose additional work waits for consent is still in the workshop.

        :rtype: dict  `{order: bool}`
        """
        # sudo: a keeper issues against operations he has no need to read.
        return {
            order: any(operation.state not in ('planned', 'cancelled') for operation in order.sudo().operation_ids)
            for order in self
        }

    def _cure_parts(self):
        self.ensure_one()
        return self._cure_open(self.env._("Parts of the order"))

    def _cure_pickings(self, pickings):
        self.ensure_one()
        return {
            'label': self.env._("Open the transfer"),
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': 'stock.picking',
                'target': 'current',
                **(
                    {'res_id': pickings.id, 'views': [(False, 'form')]}
                    if len(pickings) == 1
                    else {
                        'views': [(False, 'list'), (False, 'form')],
                        'domain': [('id', 'in', pickings.ids)],
                    }
                ),
            },
        }

    # === BUSINESS METHODS === #

    def _issue_parts(self, keeper=None, receiver=None):
        """Issue everything reserved on these orders at once: one movement and one entry per company.

        :param keeper: hr.employee who hands over; the user's own unless given.
        :param receiver: hr.employee who takes them.
        :return: the transfers issued.
        :rtype: recordset of stock.picking
        :raise UserError: PAR-19 nothing is reserved on any of them, and the gates of `issue`
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        pickings = self.env['stock.picking'].search(
            [
                ('aftersales_order_id', 'in', self.ids),
                ('aftersales_kind', '=', 'issue'),
                ('state', 'not in', ('done', 'cancel')),
            ]
        )
        ready = pickings.filtered(
            lambda picking: any(move.quantity > 0 and move.state not in ('done', 'cancel') for move in picking.move_ids)
        )
        if not ready:
            raise coded_error(
                'PAR-19',
                self.env._(
                    "Nothing of %(orders)s is reserved. Request the parts, or receive the goods first.",
                    orders=", ".join(self.mapped('name')),
                ),
            )
        for _company, group in ready.grouped('company_id').items():
            group._aftersales_issue(receiver, keeper)
        return ready
