from . import cached, gates, guard  # first: the other models inherit them

# isort: split
from . import (
    aftersales_conduct_proposal,
    aftersales_download,
    aftersales_export_log,
    aftersales_indicator,
    aftersales_indicator_value,
    aftersales_integrity_finding,
    aftersales_override,
    aftersales_profile,
    aftersales_profile_gate,
    aftersales_reason,
    base,
    hr_employee,
    hr_employee_public,
    ir_actions_report,
    ir_ui_view,
    res_company,
    res_company_setup,
    res_config_settings,
    res_partner,
)
