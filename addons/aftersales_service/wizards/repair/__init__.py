from . import (
    aftersales_carry_over_wizard,
    aftersales_consent_wizard,
    aftersales_end_wizard,
    aftersales_fleet_sign_wizard,
    aftersales_price_wizard,
    aftersales_promise_wizard,
    aftersales_sign_wizard,
    aftersales_warning_wizard,
)
