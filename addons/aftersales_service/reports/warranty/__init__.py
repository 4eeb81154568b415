from . import aftersales_claim_cash_report
