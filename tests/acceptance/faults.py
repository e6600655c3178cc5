"""To come."""


def register() -> None:
    pass
