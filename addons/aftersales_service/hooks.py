"""Install and uninstall hooks: each room prepares existing companies and warehouses itself."""


def post_init_hook(env):
    """Give every company of the database what a new company gets on creation.

    :param odoo.api.Environment env: superuser environment of the installation.
    """
    env['res.company'].search([])._aftersales_prepare_company()


def uninstall_hook(env):
    """Put away what the hooks made without an xmlid, so that the ERP stays sound.

    :param odoo.api.Environment env: superuser environment of the uninstallation.
    """
    env['res.company'].search([])._aftersales_retire_company()
