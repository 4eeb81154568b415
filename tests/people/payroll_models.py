"""Payrolls to hand over to: the models that payrolls of this platform share, registered for a test class only."""
from odoo import fields, models
from odoo.orm.model_classes import add_to_registry


class HrPayslip(models.Model):
    _module = None
    _name = 'hr.payslip'
    _description = "Payslip"

    employee_id = fields.Many2one('hr.employee')
    version_id = fields.Many2one('hr.version')
    date_from = fields.Date()
    date_to = fields.Date()
    state = fields.Char(default='draft')


class HrPayslipInput(models.Model):
    """An input as the community payroll has it: a code and the contract are asked for."""

    _module = None
    _name = 'hr.payslip.input'
    _description = "Payslip input"

    payslip_id = fields.Many2one('hr.payslip', required=True)
    name = fields.Char(required=True)
    code = fields.Char(required=True)
    version_id = fields.Many2one('hr.version')
    amount = fields.Float()


class HrPayslipInputType(models.Model):
    _module = None
    _name = 'hr.payslip.input.type'
    _description = "Type of payslip input"

    name = fields.Char()
    code = fields.Char()


class HrPayslipInputTyped(models.Model):
    """An input of a payroll that knows types: its code follows the type."""

    _module = None
    _name = 'hr.payslip.input'
    _description = "Payslip input with a type"

    payslip_id = fields.Many2one('hr.payslip', required=True)
    name = fields.Char()
    input_type_id = fields.Many2one('hr.payslip.input.type', required=True)
    code = fields.Char(related='input_type_id.code', store=True)
    amount = fields.Float()


def install(case, *definitions):
    """Put model definitions into the registry and their tables into the test's transaction; both go with the class."""
    registry, cr = case.registry, case.env.cr
    names = [add_to_registry(registry, definition)._name for definition in definitions]

    def remove():
        for name in names:
            del registry[name]
        registry._setup_models__(cr)

    case.addClassCleanup(remove)
    registry._setup_models__(cr, names)
    registry.init_models(cr, names, {})
