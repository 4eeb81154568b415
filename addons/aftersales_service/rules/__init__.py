"""Pure rules of the trade: typed Python without the ORM, usable and testable without a database."""
