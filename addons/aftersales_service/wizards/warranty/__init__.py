from . import aftersales_statement_wizards
from . import aftersales_claim_rest_wizard
from . import aftersales_appraisal_wizard
