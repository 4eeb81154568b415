from . import (
    aftersales_count_cancel_wizard,
    aftersales_count_explain_wizard,
    aftersales_count_import_wizard,
    aftersales_hold_wizard,
    aftersales_own_part_wizard,
    aftersales_price_list_wizard,
    aftersales_stock_card,
    aftersales_sublet_wizard,
    aftersales_take_back_wizard,
)
