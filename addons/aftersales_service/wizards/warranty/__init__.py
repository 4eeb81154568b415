from . import aftersales_statement_wizards
from . import aftersales_claim_rest_wizard
from . import aftersales_old_part_tag_wizard
from . import aftersales_old_part_act_wizard
from . import aftersales_old_part_answer_wizard
from . import aftersales_old_part_answer_line
from . import aftersales_appraisal_wizard
from . import aftersales_triage_wizard
