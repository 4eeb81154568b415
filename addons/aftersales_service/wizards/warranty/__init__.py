from . import aftersales_warranty_decision
from . import aftersales_warranty_decision_line
from . import aftersales_warranty_step
from . import aftersales_warranty_report
from . import aftersales_appraisal_wizard
