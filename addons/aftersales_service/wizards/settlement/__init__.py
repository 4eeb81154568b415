from . import (
    aftersales_till,
    aftersales_till_line,
    aftersales_settlement_decision,
    aftersales_settlement_difference,
    aftersales_order_reopen,
    aftersales_order_handover,
    aftersales_fapiao_paste,
    aftersales_clearing,
    aftersales_count_decide_wizard,
    aftersales_count_reverse_wizard,
)
