"""Selections that several models of the room share."""

KINDS = [('reward', "Reward"), ('penalty', "Penalty")]
GRAVITIES = [('light', "Light"), ('medium', "Moderate"), ('serious', "Serious")]
STATES = [
    ('proposed', "Put forward"),
    ('investigated', "Investigated"),
    ('heard', "Heard"),
    ('decided', "Decided"),
    ('notified', "Told in writing"),
    ('review', "In review"),
    ('appeal', "In appeal"),
    ('effective', "Effective"),
    ('handed_over', "Handed to the payroll"),
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
#: What becomes of something a desk noticed about a person's work.
SOURCE_LEVELS = [
    ('off', "Nothing"),
    ('fact', "A fact for the assessment"),
    ('case', "A case that a person takes over"),
    ('open', "A case opened at once"),
]
#: Where facts come from, by the document on which they were noticed.
SOURCES = [
    ('rework', "Failed inspection"),
    ('accident', "Quality accident"),
    ('delay', "Late promise"),
    ('complaint', "Customer complaint"),
    ('attendance', "Attendance"),
    ('tool', "Tool lost or damaged"),
    ('goods', "Goods lost or not accepted"),
]
SOURCE_OF_MODEL = {
    'aftersales.quality.check': 'rework',
    'aftersales.quality.accident': 'accident',
    'aftersales.tool.incident': 'tool',
    'aftersales.count.decision': 'goods',
}
#: The criterion beside which a fact stands on the sheet.
CRITERION_OF_SOURCE = {
    'rework': '16', 'accident': '16', 'delay': '16', 'complaint': '17', 'attendance': '06', 'tool': '02', 'goods': '02',
}
