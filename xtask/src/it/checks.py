"""How a vendor's own library is held to what is expected of a stand-in."""


def check(what, found, expected):
    assert found == expected, f"{what}: {found!r} instead of {expected!r}"
    print(f"ok  {what}")


def refused(what, kind, words, action):
    try:
        action()
    except kind as error:
        return check(what, words in str(error), True)
    raise AssertionError(f"{what}: it was not refused")
