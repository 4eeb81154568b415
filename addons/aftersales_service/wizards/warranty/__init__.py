from . import aftersales_appraisal_wizard
from . import aftersales_triage_wizard
