from . import aftersales_appraisal_wizard
