from . import aftersales_claim_cash_report
from . import report_old_part_scrap
