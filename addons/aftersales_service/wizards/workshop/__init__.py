from . import (
    aftersales_handover_wizard,
    aftersales_dispatch_wizard,
    aftersales_check_wizard,
    aftersales_check_wizard_line,
    aftersales_delay_wizard,
    aftersales_clock_wizard,
)
