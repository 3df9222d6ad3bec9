"""The numbers papers carry, one module each, with the verbs compact, validate, is_valid and format.

`compact` drops what is not part of the number, `validate` returns the canonical form or raises an `InvalidCode`,
`is_valid` answers without raising, `format` prints the canonical form as papers do.
"""

__all__ = ["InvalidChecksum", "InvalidCode", "InvalidComponent", "InvalidFormat", "InvalidLength"]


class InvalidCode(ValueError):
    """The text is not such a number."""


class InvalidFormat(InvalidCode):
    """A character stands where the number cannot have it."""


class InvalidLength(InvalidCode):
    """The number is too short or too long."""


class InvalidChecksum(InvalidCode):
    """The check digit does not follow from the rest."""


class InvalidComponent(InvalidCode):
    """A part of the number (issuer, department, kind) is not one that exists."""
