from . import (
    aftersales_assessment_sign,
    aftersales_assessment_wizard,
    aftersales_conduct_receipt_wizard,
    aftersales_conduct_wizard,
    aftersales_honour_line,
    aftersales_honour_list,
    aftersales_payroll_reverse,
)
