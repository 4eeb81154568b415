from odoo import http
from odoo.http import request

GATE_GROUPS = (
    'aftersales_service.group_gate_guard,aftersales_service.group_cashier,aftersales_service.group_advisor,'
    'aftersales_service.group_service_manager'
)


class AftersalesGate(http.Controller):
    """The page behind the QR code of a gate pass: a guard's phone opens it with its own camera."""

    @http.route('/aftersales/gate/<string:token>', type='http', auth='user', methods=['GET'], sitemap=False)
    def gate_pass(self, token, **kwargs):
        """Show green or red with every reason (R-PROC-84)."""
        if not request.env.user.has_groups(GATE_GROUPS):
            return request.not_found()
        return self._page(self._find(token), token)

    @http.route('/aftersales/gate/<string:token>/out', type='http', auth='user', methods=['POST'], sitemap=False)
    def let_out(self, token, **kwargs):
        """Let the car out: the guard's stamp."""
        if not request.env.user.has_groups(GATE_GROUPS):
            return request.not_found()
        gate_pass = self._find(token)
        done = False
        if gate_pass and gate_pass._check()[0]:
            gate_pass._let_out()
            done = True
        return self._page(gate_pass, token, done)

    def _find(self, token):
        """Return the pass of a token in one of the user's companies; sudo: the token is the key, nothing else is shown."""
        return (
            request.env['aftersales.gate.pass']
            .sudo()
            .search(
                [
                    ('token', '=', token),
                    ('company_id', 'in', request.env.user.company_ids.ids),
                ],
                limit=1,
            )
            .with_user(request.env.user)
        )

    def _page(self, gate_pass, token, done=False):
        ok, reasons = (
            (True, []) if done else gate_pass._check() if gate_pass else (False, [request.env._("Unknown pass.")])
        )
        record = gate_pass.sudo()
        return request.render(
            'aftersales_service.gate_pass_page',
            {
                'ok': ok,
                'done': done,
                'reasons': reasons,
                'token': token,
                'pass_name': record.name,
                'plate': record.license_plate,
                'kind': record.kind,
                'can_let_out': bool(gate_pass) and ok and not done,
            },
            headers={'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer'},
        )
