"""Two values in, whether they are one and the same out: as Python compares them, but for JSON, where true is not 1 and false not 0."""


def is_same(left: object, right: object) -> bool:
    """Tell whether two values are the same.

    >>> is_same({"a": [1]}, {"a": [1.0]}), is_same({"a": [1]}, {"a": [True]}), is_same(0, False)
    (True, False, False)
    """
    if left is right:
        return True
    if left != right:
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return False  # one of them is a number: the same truth is the same object
    if isinstance(left, dict) and isinstance(right, dict):
        return all(is_same(value, right[key]) for key, value in left.items())
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return all(is_same(*pair) for pair in zip(left, right, strict=True))
    return True
