import binascii

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class AftersalesPortal(CustomerPortal):
    """The customer's page of his order: progress, offer, photos, yes or no per job, signature. No login needed."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'aftersales_order_count' in counters:
            values['aftersales_order_count'] = (
                request.env['aftersales.repair.order'].sudo().search_count(self._own_orders_domain())
            )
        return values

    def _own_orders_domain(self):
        """Orders of the logged-in customer's company or family; the only filter of the sudo searches here."""
        return [
            ('partner_id', 'child_of', request.env.user.partner_id.commercial_partner_id.ids),
            ('outcome', '!=', 'cancelled'),
        ]

    def _aftersales_order(self, order_id, access_token=None):
        """Return the order with sudo after its token, or its customer's login, was checked.

        :raise AccessError: neither token nor login gives access.
        :raise MissingError: no such order.
        """
        try:
            return self._document_check_access('aftersales.repair.order', order_id, access_token=access_token)
        except AccessError:
            if request.env.user._is_public():
                raise
            order = (
                request.env['aftersales.repair.order']
                .sudo()
                .search([('id', '=', order_id), *self._own_orders_domain()])
            )
            if not order:
                raise
            return order

    @http.route(
        ['/my/aftersales/orders', '/my/aftersales/orders/page/<int:page>'],
        type='http',
        auth='user',
        website=True,
        readonly=True,
    )
    def portal_my_repair_orders(self, page=1, **kwargs):
        orders = request.env['aftersales.repair.order'].sudo()
        domain = self._own_orders_domain()
        values = self._prepare_portal_layout_values()
        page_values = pager(
            url='/my/aftersales/orders', total=orders.search_count(domain), page=page, step=self._items_per_page
        )
        values.update(
            {
                'orders': orders.search(
                    domain, order='id desc', limit=self._items_per_page, offset=page_values['offset']
                ),
                'page_name': 'aftersales_order',
                'pager': page_values,
                'default_url': '/my/aftersales/orders',
            }
        )
        return request.render('aftersales_service.portal_my_repair_orders', values)

    @http.route('/my/aftersales/orders/<int:order_id>', type='http', auth='public', website=True)
    def portal_repair_order(
        self, order_id, access_token=None, report_type=None, download=False, message=None, **kwargs
    ):
        try:
            order = self._aftersales_order(order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect('/my')
        if report_type in ('html', 'pdf', 'text'):
            return self._show_report(
                model=order,
                report_type=report_type,
                report_ref='aftersales_service.report_estimate_action',
                download=download,
            )
        estimate = order.estimate_ids.sorted('version')[-1:]
        if estimate.state == 'issued' and request.env.user.share:
            estimate._mark_viewed()
        values = {
            'order': order,
            'estimate': estimate,
            'page_name': 'aftersales_order',
            'message': message,
            'token': access_token or order.access_token,
            'report_type': 'html',
            **order._portal_values(),
        }
        values = self._get_page_view_values(order, access_token, values, 'my_repair_orders_history', False, **kwargs)
        return request.render('aftersales_service.portal_repair_order', values)

    @http.route('/my/aftersales/orders/<int:order_id>/sign', type='jsonrpc', auth='public', website=True)
    def portal_repair_order_sign(self, order_id, access_token=None, name=None, signature=None):
        access_token = access_token or request.httprequest.args.get('access_token')
        try:
            order = self._aftersales_order(order_id, access_token)
        except (AccessError, MissingError):
            return {'error': request.env._("This link is no longer valid. Ask your service advisor for a new one.")}
        estimate = order.estimate_ids.filtered(lambda version: version.state == 'issued')[:1]
        if not estimate:
            return {'error': request.env._("There is nothing to sign.")}
        try:
            estimate._sign(name, signature, 'portal')
            request.env.cr.flush()
        except (TypeError, binascii.Error):
            return {'error': request.env._("The signature could not be read. Please sign again.")}
        except UserError as error:
            return {'error': error.args[0]}
        return {'force_refresh': True, 'redirect_url': order.get_portal_url(query_string='&message=sign_ok')}

    @http.route(
        '/my/aftersales/orders/<int:order_id>/decline/<int:job_id>',
        type='http',
        auth='public',
        methods=['POST'],
        website=True,
    )
    def portal_repair_job_decline(self, order_id, job_id, access_token=None, note=None, **kwargs):
        try:
            order = self._aftersales_order(order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect('/my')
        job = order.job_ids.filtered(
            lambda job: job.id == job_id and job.outcome == 'open' and job.consent_state == 'quoted'
        )
        if not job:
            return request.redirect(order.get_portal_url(query_string='&message=cant_decline'))
        try:
            order._record_consent(job, 'declined', 'portal', name=order.partner_id.name, note=(note or '')[:200])
        except UserError:
            return request.redirect(order.get_portal_url(query_string='&message=cant_decline'))
        return request.redirect(order.get_portal_url(query_string='&message=declined'))
