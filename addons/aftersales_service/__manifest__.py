{
    'name': "Aftersales Service",
    'summary': "Car dealership after-sales: repair orders, parts, workshop, settlement",
    'version': '19.0.1.0.0',
    'category': 'Services/Field Service',
    'author': "aftersales_service contributors",
    'license': 'LGPL-3',
    'application': True,
    'depends': [
        'account',
        'stock_account',
        'purchase_stock',
        'hr',
        'hr_attendance',
        'hr_hourly_cost',
        'portal',
        'rating',
        'calendar',
        'barcodes',
    ],
    'external_dependencies': {'python': ['xlsxwriter']},
    'data': [
        # First: blanks our own extension views, so that -u survives a moved anchor.
        'data/00_update.xml',
        # Groups of all rooms, then the root menu and the desks, which need them.
        'security/base/groups.xml',
        'security/vehicle/groups.xml',
        'security/catalogue/groups.xml',
        'security/reception/groups.xml',
        'security/repair/groups.xml',
        'security/workshop/groups.xml',
        'security/parts/groups.xml',
        'security/settlement/groups.xml',
        'views/menus.xml',
        # Each room: access, rules, data, views, reports, wizards, menus.
        # --- base ---
        'security/base/ir.model.access.csv',
        'security/base/rules.xml',
        'data/base/aftersales_reason_data.xml',
        'data/base/gates.xml',
        'data/base/ir_cron_data.xml',
        'reports/base/print_layout.xml',
        # --- vehicle ---
        'security/vehicle/ir.model.access.csv',
        # --- catalogue ---
        'security/catalogue/ir.model.access.csv',
        # --- reception ---
        'security/reception/ir.model.access.csv',
        # --- repair ---
        'security/repair/ir.model.access.csv',
        # --- workshop ---
        'security/workshop/ir.model.access.csv',
        # --- parts ---
        'security/parts/ir.model.access.csv',
        'security/parts/rules.xml',
        'data/parts/product_data.xml',
        'reports/parts/parts_reports.xml',
        'wizards/parts/wizard_views.xml',
        'views/parts/stock_picking_views.xml',
        'views/parts/aftersales_part_request_views.xml',
        'views/parts/aftersales_repair_order_views.xml',
        'views/parts/purchase_order_views.xml',
        'views/parts/stock_warehouse_views.xml',
        'views/parts/res_config_settings_views.xml',
        'views/parts/menus.xml',
        # --- settlement ---
        'security/settlement/ir.model.access.csv',
    ],
    'assets': {
        'web.assets_backend': [
            'aftersales_service/static/src/scss/tokens.scss',
            'aftersales_service/static/src/scss/*.scss',
            'aftersales_service/static/src/components/**/*',
            'aftersales_service/static/src/desks/**/*',
        ],
        'web.assets_tests': [
            'aftersales_service/static/tests/tours/**/*',
        ],
    },
    'post_init_hook': 'post_init_hook',
    'uninstall_hook': 'uninstall_hook',
}
