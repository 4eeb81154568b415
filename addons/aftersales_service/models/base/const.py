"""Choices that several rooms share."""

# What a technician is trained in, and what a labour item asks for.
TRADES = [
    ('mechanical', "Mechanics"),
    ('electrical', "Electrics"),
    ('diagnosis', "Diagnosis"),
    ('body', "Body"),
    ('paint', "Paint"),
    ('tyre', "Tyres and alignment"),
    ('accessory', "Accessories"),
    ('wash', "Car wash"),
]

# How demanding the work is; prices per hour may depend on it.
SKILLS = [
    ('1_helper', "Helper"),
    ('2_skilled', "Skilled"),
    ('3_senior', "Senior"),
    ('4_master', "Master"),
]

# Who pays a job; prepaid plans may join later.
PAYER_KINDS = [
    ('customer', "Customer"),
    ('warranty', "Warranty"),
    ('insurance', "Insurance"),
    ('internal', "Internal"),
    ('goodwill', "Goodwill"),
]

SHOP_SIZES = [('large', "Large shop"), ('small', "Small shop (about eight people)")]

GATE_LEVELS = [
    ('off', "Off"),
    ('warn', "Warn"),
    ('block', "Block"),
    ('override', "Block, override with reason"),
]

PROFILES = [
    ('standard', "Standard"),
    ('express', "Express"),
    ('tow_in', "Tow-in"),
    ('fleet', "Fleet"),
    ('internal', "Internal (PDI)"),
    ('on_site', "On-site"),
    ('counter', "Counter"),
    ('accident', "Accident"),
    ('company', "Company-wide"),
]

REASON_KINDS = [
    ('discount', "Discount"),
    ('price', "Price change"),
    ('override', "Override of a gate"),
    ('odometer', "Odometer correction"),
    ('vin', "VIN override"),
    ('pause', "Pause of work"),
    ('delay', "Delay"),
    ('decline', "Customer declined"),
    ('cancel', "Cancellation"),
    ('park', "Job parked"),
    ('goodwill', "Goodwill"),
    ('internal', "Internal"),
    ('reopen', "Reopening"),
    ('refund', "Refund"),
    ('miss', "Part missing"),
    ('rework', "Rework"),
    ('exemption', "Exemption"),
    ('exit', "Temporary exit"),
    ('declined_line', "Line declined"),
    ('other', "Other"),
]

# Documents made by the system are told by the order's own facts: no "created" note, no follower, no mail that the
# advisor was assigned to an invoice. Analytic lines come with the posting, not with the draft before it.
MACHINE_MADE = {
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'mail_auto_subscribe_no_notify': True,
    'skip_analytic_sync': True,
}

# Rooms of the house, as people name the departments.
ROOMS = [
    ('reception', "Front desk"),
    ('repair', "Repair orders"),
    ('workshop', "Workshop"),
    ('parts', "Parts"),
    ('settlement', "Settlement"),
    ('warranty', "Warranty"),
    ('insurance', "Insurance"),
    ('tools', "Tools"),
    ('people', "People"),
    ('care', "Customer relations"),
]

INDICATOR_UNITS = [('percent', "Percent"), ('number', "Number"), ('days', "Days"), ('money', "Money")]
INDICATOR_DIRECTIONS = [('up', "More is better"), ('down', "Less is better"), ('none', "For information")]
INDICATOR_LAMPS = [('green', "Reached"), ('amber', "Nearly"), ('red', "Missed"), ('none', "No target")]
