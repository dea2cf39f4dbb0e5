"""What goes into crate and what comes out of it, side by side."""


def comparison(plain, compare_arrays):
    """A function `compare(wanted, found, path)` that fails where types, keys, their order or values differ, however deep.

    `plain` says what a value becomes on its way; `compare_arrays` answers whether it has compared the two, as arrays of its library."""

    def compare(wanted, found, path="value"):
        wanted, found = plain(wanted), plain(found)
        assert type(wanted) is type(found), f"{path}: {type(wanted)} became {type(found)}"
        if compare_arrays(wanted, found, path):
            return
        if isinstance(wanted, dict):
            assert list(wanted) == list(found), f"{path}: keys {list(wanted)}, {list(found)}"
            assert [type(k) for k in wanted] == [type(k) for k in found], f"{path}: types of keys"
            for key in wanted:
                compare(wanted[key], found[key], f"{path}[{key!r}]")
        elif isinstance(wanted, (list, tuple)):
            assert len(wanted) == len(found), f"{path}: {len(wanted)} items, {len(found)}"
            for index, (a, b) in enumerate(zip(wanted, found)):
                compare(a, b, f"{path}[{index}]")
        else:
            assert wanted == found or repr(wanted) == repr(found), f"{path}: {wanted!r}, {found!r}"

    return compare
