"""What `--set` and `--clear` mean: the patch of a revision."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.errors import UsageFault

Patch = dict[str, Any]

SHORT = {"words": "value_text"}  # names of fields as sheets have them, beside those without `_id`


def patch_of(noun: str, given: list[str], cleared: list[str]) -> Patch:
    """The patch that the options mean; raises UsageFault for what they cannot mean."""
    patch: Patch = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise usage(f"--set {text} has no value.", f"--set {text or 'FIELD'}=VALUE.")
        field = field_named(noun, name.strip(), "--set")
        if not value.strip():
            raise usage(f"--set {name}= is empty.", f"To clear the field: --clear {name}.")
        add_value(noun, patch, field, value)
    for name in cleared:
        field = field_named(noun, name.strip(), "--clear")
        if field in patch:
            raise usage(f"{name} is both set and cleared.", "Decide for one of them.")
        patch[field] = None
    return numbers_read(patch, "--set ")


def add_value(noun: str, patch: Patch, field: str, value: str) -> None:
    """Take a value in: a list grows, a mapping is JSON, anything else is given once."""
    from ledger.written import kinds_of

    if field in kinds_of(noun, list):
        items = from_json(field, value) if value.lstrip().startswith(("[", "{")) else value
        patch.setdefault(field, []).extend(items if isinstance(items, list) else [items])
    elif field in patch:
        raise usage(f"--set {field} stands twice.", "Only lists have several values.")
    else:
        patch[field] = from_json(field, value) if field in kinds_of(noun, dict) else value


def from_json(field: str, text: str) -> Any:  # noqa: ANN401  JSON is made of anything
    """A list or a mapping as JSON; raises UsageFault."""
    import json

    from ledger.inputs import refuse_constant, without_duplicates

    try:
        return json.loads(
            text, object_pairs_hook=without_duplicates, parse_constant=refuse_constant
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise usage(
            f"The value of {field} is not JSON: {getattr(error, 'msg', 'it is nested too deep')}.",
            """A list is JSON, as '["a", "b"]', or --set once for each item;"""
            """ a mapping is JSON, as '{"wikidata": "Q42"}'.""",
        ) from None


def field_named(noun: str, name: str, option: str) -> str:
    """The field that a name means, `speaker` for `speaker_id`; raises UsageFault."""
    import difflib

    from ledger.written import own_fields

    fields = own_fields(noun)
    meanings = {name: name for name in fields} | {
        short: name for short, name in shortened(fields).items() if short not in fields
    }
    if name in meanings:
        return meanings[name]
    if name in ("id", f"{noun}_id"):
        raise usage("An id stays for ever.", "Void the thing, and record it under another id.")
    near = difflib.get_close_matches(name, meanings, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Its fields are {', '.join(fields)}."
    raise usage(f"{option} {name}: a {noun} has no such field.", hint)


def shortened(fields: list[str]) -> dict[str, str]:
    """The names of fields as sheets have them."""
    made = {name.removesuffix("_id"): name for name in fields}
    return made | {short: name for short, name in SHORT.items() if name in fields}


def numbers_read(patch: Patch, option: str = "") -> Patch:
    """The same patch, the bounds of a number as numbers and its flags as truths.

    `option` stands before the field in what is refused.
    """
    from ledger.errors import in_field
    from ledger.quantities import parse_value

    read = dict(patch)
    for name in {"low", "best", "high"} & patch.keys():
        if isinstance(patch[name], str):
            with in_field(f"{option}{name}"):
                read[name] = parse_value(patch[name]).best
    for name in {"low_inclusive", "high_inclusive"} & patch.keys():
        read[name] = {"true": True, "false": False}.get(patch[name], patch[name])
    return read


def usage(what: str, way_out: str) -> "UsageFault":
    """A fault of the command line."""
    from ledger.errors import UsageFault

    return UsageFault(what, way_out=way_out)
