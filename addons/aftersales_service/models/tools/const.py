"""Words of the tool room."""

from typing import NamedTuple

# Where a tool can be; goods come from and go to `outside`, which the ledger does not count.
PLACES = [
    ('store', "Tool room"),
    ('employee', "Employee"),
    ('team', "Team"),
    ('calibration', "Calibration"),
    ('repair', "Repair"),
    ('lost', "Lost"),
    ('outside', "Outside"),
]

# Places from which a tool is given back by a holder.
HELD = ('employee', 'team')

MOVE_KINDS = [
    ('receipt', "Receipt"),
    ('checkout', "Lent"),
    ('return', "Given back"),
    ('transfer', "Handed on"),
    ('exchange', "Exchange"),
    ('calibration_out', "Sent to calibration"),
    ('calibration_in', "Back from calibration"),
    ('damage', "Damaged"),
    ('loss', "Loss"),
    ('found', "Found again"),
    ('disposal', "Disposal"),
    ('correction', "Count correction"),
    ('reversal', "Reversal"),
]

CONDITIONS = [
    ('good', "Good"),
    ('worn', "Worn"),
    ('incomplete', "Incomplete"),
    ('damaged', "Damaged"),
]

STATES = [
    ('new', "Not received"),
    ('in_store', "In the tool room"),
    ('out', "Lent out"),
    ('calibration', "In calibration"),
    ('repair', "In repair"),
    ('lost', "Lost"),
    ('disposed', "Disposed of"),
]


class Spot(NamedTuple):
    """A place with the people who answer for it; ids, False where there is nobody."""

    place: str
    keeper_id: int | bool = False
    employee_id: int | bool = False
    team_id: int | bool = False


OUTSIDE = Spot('outside')

# Plans of service and the field of the tool with the day on which it is due.
PLANS = {'calibration': 'calibration_due', 'maintenance': 'maintenance_due'}

# Where no piece of ours can be used: what goes there leaves the books, what comes from there is put back.
GONE = ('lost', OUTSIDE.place)
