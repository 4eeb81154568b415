"""What an old part can be, and which step leads where."""

OWNER_KINDS = [
    ('manufacturer', "Manufacturer"),
    ('insurer', "Insurer"),
    ('customer', "Customer"),
    ('company', "Our Company"),
]

STATES = [
    ('tagged', "Tagged"),
    ('stored', "Stored"),
    ('to_return', "To Return"),
    ('shipped', "Sent Off"),
    ('accepted', "Accepted"),
    ('rejected', "Rejected"),
    ('handed', "Handed to the Customer"),
    ('scrapped', "Scrapped"),
    ('missing', "Gone Missing"),
    ('void', "Void"),
]

KINDS = [
    ('tag', "Tagged"),
    ('store', "Stored"),
    ('move', "Put elsewhere"),
    ('call', "Called back"),
    ('uncall', "No longer called back"),
    ('ship', "Sent Off"),
    ('accept', "Accepted by the recipient"),
    ('reject', "Rejected by the recipient"),
    ('come_back', "Came back"),
    ('hand', "Handed to the customer"),
    ('scrap', "Scrapped"),
    ('miss', "Missing at a count"),
    ('find', "Found again"),
    ('hold', "Hold changed"),
    ('owner', "Belongs to another"),
    ('void', "Tag voided"),
]

# The state each kind of entry leaves the part in; kinds that are not named leave it as it is.
STATE_AFTER = {
    'tag': 'tagged',
    'store': 'stored',
    'call': 'to_return',
    'uncall': 'stored',
    'ship': 'shipped',
    'accept': 'accepted',
    'reject': 'rejected',
    'come_back': 'stored',
    'hand': 'handed',
    'scrap': 'scrapped',
    'miss': 'missing',
    'find': 'stored',
    'void': 'void',
}

# In our keeping, on a shelf of the Old-parts place: these have their quant.
IN_STOCK = ('stored', 'to_return')
# In our hands.
IN_HOUSE = ('tagged', *IN_STOCK)

KEEPER_GROUPS = 'aftersales_service.group_parts_keeper,aftersales_service.group_warranty_clerk'
VALUE_GROUPS = (
    'aftersales_service.group_parts_manager,aftersales_service.group_warranty_clerk,'
    'aftersales_service.group_accountant,aftersales_service.group_general_manager,aftersales_service.group_report_reader'
)
