"""Read by `odoo shell` while the demo template is built: the company as a Chinese accountant hands it over."""
company = env.ref('base.main_company')
company.write({'country_id': env.ref('base.cn').id, 'currency_id': env.ref('base.CNY').id})
env['account.chart.template'].try_loading('cn', company=company, install_demo=False)
company.write({'account_price_include': 'tax_included', 'inventory_valuation': 'real_time', 'cost_method': 'average'})
env.ref('base.user_admin').write({'lang': 'zh_CN', 'tz': 'Asia/Shanghai'})
env['ir.default'].set('res.partner', 'lang', 'zh_CN')
env.cr.commit()
