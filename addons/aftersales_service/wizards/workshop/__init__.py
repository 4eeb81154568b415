from . import (
    aftersales_handover_wizard,
    aftersales_dispatch_wizard,
    aftersales_check_wizard,
    aftersales_check_wizard_line,
    aftersales_delay_wizard,
    aftersales_clock_wizard,
    aftersales_wash_wizard,
    aftersales_road_test_wizard,
    aftersales_car_move_wizard,
    aftersales_previous_wizard,
)
