"""Read by `odoo shell` in the demo database: build the dealership, play the day, print the table, write out/."""
from pathlib import Path

from odoo.addons.aftersales_service import demo

OUT = Path('out')


def forms():
    """Print each form of ours, in Chinese, for the newest document that it fits."""
    for report in env['ir.actions.report'].search([('report_name', '=like', 'aftersales\\_service.%')]):
        records = env[report.model].search([], order='id desc', limit=1)
        if records:
            pdf, _kind = report.with_context(lang='zh_CN')._render_qweb_pdf(report.report_name, records.ids)
            yield f"{report.report_name.removeprefix('aftersales_service.')}.pdf", pdf


env = env(context={**env.context, 'lang': 'zh_CN', 'tz': 'Asia/Shanghai'})
demo.load(env)
orders = demo.play(env)
env.cr.commit()
demo.table(env, orders)
for name, content in forms():
    (OUT / name).write_bytes(content)
print(f"\nout/: {len(list(OUT.iterdir()))} forms and reports")
