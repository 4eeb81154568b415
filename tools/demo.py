"""Read by `odoo shell` in the demo database: build the dealership, play the day, print the table, write out/."""
import threading
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from odoo import http
from odoo.exceptions import UserError
from odoo.service.server import load_server_wide_modules

from odoo.addons.aftersales_service import demo

OUT = Path('out')


class Quiet(WSGIRequestHandler):
    def log(self, *_args):
        """Say nothing."""


@contextmanager
def served(env):
    """Serve this process while forms are printed: wkhtmltopdf fetches fonts and styles over HTTP."""
    load_server_wide_modules()
    server = make_server('127.0.0.1', 0, http.root, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    parameters = env['ir.config_parameter']
    parameters.set_param('report.url', f'http://127.0.0.1:{server.server_port}')
    env.cr.commit()
    yield
    server.shutdown()
    parameters.set_param('report.url', False)
    env.cr.commit()


def told(records):
    """Return the documents with something to read first: an order prepared for an appointment has hardly begun."""
    if records._name == 'aftersales.repair.order':
        return records.sorted(lambda order: (len(order.estimate_ids), len(order.line_ids), order.id), reverse=True)
    return records


def write_forms(env):
    """Print each form of ours for the newest document that it fits."""
    for report in env['ir.actions.report'].search([('report_name', '=like', 'aftersales\\_service.%')]):
        for record in told(env[report.model].search([], order='id desc', limit=40)):
            try:
                with env.cr.savepoint():
                    pdf, _kind = report._render_qweb_pdf(report.report_name, record.ids)
            except UserError:
                continue  # this document has no such form, e.g. no certificate without inspection
            name = report.report_name.removeprefix('aftersales_service.').removeprefix('report_').removesuffix('_document')
            (OUT / f'{name}.pdf').write_bytes(pdf)
            break


env = env(context={**env.context, 'lang': 'zh_CN', 'tz': 'Asia/Shanghai'})
demo.load(env)
orders = demo.play(env)
env.cr.commit()
demo.table(env, orders)
with served(env):
    write_forms(env)
print(f"\nout/: {len(list(OUT.iterdir()))} forms")
