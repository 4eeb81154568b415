"""Selections that several models of the room share."""

KINDS = [('reward', "Reward"), ('penalty', "Penalty")]
GRAVITIES = [('light', "Light"), ('medium', "Medium"), ('serious', "Serious")]
STATES = [
    ('proposed', "Put forward"),
    ('investigated', "Investigated"),
    ('heard', "Heard"),
    ('decided', "Decided"),
    ('notified', "Told in writing"),
    ('review', "In review"),
    ('appeal', "In appeal"),
    ('effective', "Effective"),
    ('handed_over', "Handed over"),
    ('closed', "Closed"),
    ('withdrawn', "Withdrawn"),
]
#: Channels of money: each with its own account, tax flag and limit. The sign is what the person receives.
CHANNELS = [
    ('bonus', "Bonus"),
    ('performance', "Performance pay"),
    ('compensation', "Compensation"),
    ('fine', "Fine"),
]
CHANNEL_SIGNS = {'bonus': 1, 'performance': -1, 'compensation': -1, 'fine': -1}
MANAGER_GROUPS = (
    'aftersales_service.group_service_manager,aftersales_service.group_hr_officer,'
    'aftersales_service.group_general_manager'
)
SERVICE_MANAGER = 'aftersales_service.group_service_manager'
HR_OFFICER = 'aftersales_service.group_hr_officer'
GENERAL_MANAGER = 'aftersales_service.group_general_manager'
