def states_in_order(records, states, _domain):
    """Let a board show the states there are, in the order of the way and not of the alphabet (`group_expand`).

    :param list states: values found.
    :rtype: list
    """
    return [state for state in records._fields['state'].get_values(records.env) if state in states]
