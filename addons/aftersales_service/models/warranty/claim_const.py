"""Choices of the warranty room."""

CLAIM_TYPES = [
    ('normal', "Vehicle warranty"),
    ('part', "Part warranty"),
    ('extended', "Extended warranty"),
    ('campaign', "Campaign or recall"),
    ('goodwill', "Manufacturer's goodwill"),
    ('pdi', "Pre-delivery inspection"),
    ('transport', "Transport damage"),
    ('service', "Free service"),
]

CLAIM_STATES = [
    ('draft', "Draft"),
    ('checked', "Claim Checked"),
    ('submitted', "With the Manufacturer"),
    ('queried', "Queried"),
    ('approved', "Approved in Full"),
    ('partly', "Partly approved"),
    ('rejected', "Claim Rejected"),
    ('credited', "On His Statement"),
    ('paid', "Paid"),
    ('cancelled', "Cancelled"),
]
# What is on the dealer's side: the content may still change.
OPEN_STATES = ('draft', 'checked', 'queried')
# What the manufacturer has to answer.
SENT_STATES = ('submitted', 'queried')
DECIDED_STATES = ('approved', 'partly', 'rejected')
STATE_RANK = {state: rank for rank, (state, _label) in enumerate(CLAIM_STATES)}
