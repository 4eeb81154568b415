from odoo import models

from ..base.errors import coded_error
from .guard import opened


class AftersalesRepairOrder(models.Model):
    """Parts still open when the car is ready, settled or gone: returns, ended jobs, and what goes on in a follow-up order."""

    _inherit = 'aftersales.repair.order'

    # === GATES === #

    def _blockers(self, target):
        found = super()._blockers(target)
        if target in ('ready', 'settled'):
            for order, reasons in self._open_parts_blockers(target).items():
                found[order] += reasons
        return found

    def _open_parts_blockers(self, target):
        """Requests, returns and subcontracted work that are still open, parts billed and not issued, or issued and not billed.

        :rtype: dict  `{order: [Blocker]}`
        """
        found = {}
        returns = self._open_returns_sudo()
        for order in self:
            reasons = found[order] = []
            active = order._parts_lines()
            uom_open = active.filtered(
                lambda line: line.product_uom_id.compare(line.requested_qty, line.issued_qty) > 0
            )
            if uom_open:
                reasons.append(
                    order._blocker(
                        'parts_open',
                        'PAR-27',
                        self.env._(
                            "Parts are still asked for: %(parts)s. Issue them, cancel the request, or carry the job over.",
                            parts=", ".join(uom_open.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            if order in returns:
                reasons.append(
                    order._blocker(
                        'parts_return_open',
                        'PAR-28',
                        self.env._(
                            "Announced returns are not on the shelf yet: %(transfers)s.",
                            transfers=", ".join(returns[order].mapped('name')),
                        ),
                        order._cure_pickings(returns[order]),
                    )
                )
            sublets = order.line_ids.filtered(
                lambda line: (
                    line.kind == 'sublet'
                    and line.sublet_state == 'ordered'
                    and line.job_id.outcome == 'open'
                    and not line.job_id.is_parked
                )
            )
            if sublets:
                reasons.append(
                    order._blocker(
                        'sublet_accepted',
                        'PAR-29',
                        self.env._(
                            "Subcontracted work is not accepted yet: %(lines)s.",
                            lines=", ".join(sublets.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            own = order.line_ids.filtered(
                lambda line: (
                    line.kind == 'part'
                    and line.supplied_by == 'customer'
                    and line.job_id.outcome == 'open'
                    and not line.own_part_received_at
                )
            )
            if own:
                reasons.append(
                    order._blocker(
                        'own_part_received',
                        'PAR-35',
                        self.env._(
                            "The customer's own parts are not recorded with quantity and condition: %(lines)s.",
                            lines=", ".join(own.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            if target != 'settled':
                continue
            short = (active - uom_open).filtered(
                lambda line: line.job_id.share_ids and line.product_uom_id.compare(line.net_issued_qty, line.quantity) < 0
            )
            if short:
                reasons.append(
                    order._blocker(
                        'parts_billed',
                        'PAR-36',
                        self.env._(
                            "Billed but not issued: %(parts)s. Issue them, or lower the quantity on the order.",
                            parts=", ".join(short.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            lost = order.line_ids.filtered(
                lambda line: line.job_id.outcome != 'open' and line.product_uom_id.compare(line.net_issued_qty, 0) > 0
            )
            if lost:
                reasons.append(
                    order._blocker(
                        None,
                        'PAR-37',
                        self.env._(
                            "Issued for a job that is no longer part of the order: %(parts)s. Take them back.",
                            parts=", ".join(lost.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
        return found

    def _open_returns_sudo(self):
        """Return `{order: open return transfers}`; sudo: only their names are shown."""
        groups = (
            self.env['stock.picking']
            .sudo()
            ._read_group(
                [
                    ('aftersales_order_id', 'in', self.ids),
                    ('aftersales_kind', '=', 'return'),
                    ('state', 'not in', ('done', 'cancel')),
                ],
                ['aftersales_order_id'],
                ['id:recordset'],
            )
        )
        return {self.browse(order.id): pickings for order, pickings in groups}

    # === ENDS === #

    def _after_transition(self, source, target):
        result = super()._after_transition(source, target)
        if target in ('released', 'closed'):
            # The car is gone: what was missing and nobody carried over is sold by somebody else.
            # sudo: whoever lets the car go records it, whatever his rights in the parts room.
            self.sudo().part_request_ids._lose()
        return result

    def _ensure_can_end(self, jobs):
        result = super()._ensure_can_end(jobs)
        self._ensure_nothing_out(jobs)
        return result

    def _ensure_can_carry_over(self, jobs):
        result = super()._ensure_can_carry_over(jobs)
        self._ensure_nothing_out(jobs)
        return result

    def _ensure_nothing_out(self, jobs):
        """Refuse while parts or accepted subcontracted work hang on the jobs.

        :raise UserError: PAR-45
        """
        for line in jobs.line_ids:
            if line.product_uom_id.compare(line.net_issued_qty, 0) > 0:
                raise coded_error(
                    'PAR-45',
                    self.env._(
                        "%(quantity)s of “%(line)s” are issued on “%(job)s”. Take them back first, or settle the job.",
                        quantity=line.net_issued_qty,
                        line=line.name,
                        job=line.job_id.name,
                    ),
                )
            if line.sublet_state in ('accepted', 'billed'):
                raise coded_error(
                    'PAR-45',
                    self.env._(
                        "The subcontracted work “%(line)s” on “%(job)s” is accepted already. Settle the job.",
                        line=line.name,
                        job=line.job_id.name,
                    ),
                )

    def _after_end(self):
        result = super()._after_end()
        # What was not issued before a total loss is not issued any more; ended jobs have released theirs.
        self.filtered(lambda order: order.outcome == 'total_loss').job_ids._release_parts_sudo()
        return result

    # === CARRY OVER === #

    def _after_carry_over(self, job, new, lines):
        result = super()._after_carry_over(job, new, lines)
        self._carry_over_parts_sudo(new.order_id, lines)
        return result

    def _carry_over_parts_sudo(self, follow_up, lines):
        """Move reservations and purchases to the follow-up order; sudo: the right to carry over was checked.

        :param dict lines: `{line: its copy on the follow-up order}`.
        """
        for line, copy in lines.items():
            line = line.sudo()
            moves = opened(
                line.move_ids.filtered(
                    lambda move: move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel')
                )
            )
            if moves:
                former = moves.picking_id
                picking = self.env['stock.picking'].sudo()._aftersales_open_issue(follow_up, follow_up.warehouse_id)
                requests = moves.aftersales_request_id
                moves.write(
                    {'aftersales_order_id': follow_up.id, 'aftersales_line_id': copy.id, 'picking_id': picking.id}
                )
                moves.move_line_ids.picking_id = picking
                requests._guarded().write({'order_id': follow_up.id, 'line_id': copy.id})
                former.filtered(lambda picking: not picking.move_ids).unlink()
            line.purchase_line_ids._guarded_link(copy)
