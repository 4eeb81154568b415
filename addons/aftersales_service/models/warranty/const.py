"""Choices of the warranty room."""

COVERAGE_STATES = [('in', "Covered"), ('near', "Ends Soon"), ('out', "Not Covered"), ('unknown', "Unknown")]

# In the order in which they are claimed: who promised most specifically pays first.
COVERAGE_KINDS = [
    ('campaign', "Campaign"),
    ('own_repair', "Our Own Repair"),
    ('manufacturer', "Manufacturer's Warranty"),
    ('part', "Part Warranty"),
    ('extended', "Extended Warranty"),
    ('goodwill', "Goodwill"),
]
KIND_RANKS = {kind: rank for rank, (kind, _label) in enumerate(COVERAGE_KINDS)}

# Who pays by what kind of promise; goodwill is asked for, never taken for granted.
PAYER_BY_KIND = {
    'campaign': 'warranty',
    'own_repair': 'internal',
    'manufacturer': 'warranty',
    'part': 'warranty',
    'extended': 'warranty',
}
