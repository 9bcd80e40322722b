"""The notebook's settings, as Java: what types they have, and the statements that set them to values of JSON or YAML."""
import json
import re
import sys

SETTING = re.compile(r"^(?P<type>[\w<>, ]+?) (?P<name>\w+) = (?P<value>.*?);\s*(?://\s*(?P<help>.*))?$")
BOOLEANS = {"true": True, "false": False}  # papermill takes these for texts
LARGEST = {"float": 3.4028234e38, "double": sys.float_info.max}
BITS = {"int": 32, "long": 64}
KINDS = {"boolean": bool, "String": (str, type(None)), "int": int, "long": int,
         "double": (int, float), "float": (int, float), "Double": (int, float)}


class Refused(ValueError):
    """Says in one line which setting takes what."""


def settings_in(notebook):
    """Of the section with the cell tagged `parameters`, up to that: matches with the groups type, name, value and help."""
    tagged = max((i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])), default=-1)
    section = max((i for i, cell in enumerate(notebook.cells[:tagged]) if cell.cell_type == "markdown"), default=-1)
    lines = "\n".join(cell.source for cell in notebook.cells[section + 1:tagged + 1]).splitlines()
    return [found for found in map(SETTING.match, lines) if found]


def statements(values, notebook):
    """`epochs = 1;` and so on, a line each."""
    types = {found["name"]: found["type"] for found in settings_in(notebook)}
    values = {name: BOOLEANS.get(value, value) if types.get(name) == "boolean" and isinstance(value, str) else value
              for name, value in values.items()}
    for name, value in values.items():
        if name not in types:
            raise Refused(f"There is no setting {name}. There are: {', '.join(sorted(types))}.")
        if not takes(types[name], value):
            raise Refused(f"{name} takes a value of type {types[name]}, not {value!r}.")
    return "\n".join(f"{name} = {literal(value, types[name])};" for name, value in values.items())


def takes(java, value):
    keys_and_values = re.fullmatch(r"Map<(\w+), (\w+)>", java)
    if keys_and_values:
        return isinstance(value, dict) and all(takes(keys_and_values[1], k) and takes(keys_and_values[2], v) and k is not None
                                               for k, v in value.items())
    if not isinstance(value, KINDS[java]) or isinstance(value, bool) != (java == "boolean"):
        return False
    if java in BITS:
        return -(1 << BITS[java] - 1) <= value < 1 << BITS[java] - 1
    return not isinstance(value, (int, float)) or abs(value) <= LARGEST.get(java, LARGEST["double"])


def literal(value, java=None):
    """In Java; numbers of a type are written as that type's."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value)  # which escapes as Java does, and writes what is beyond ASCII in UTF-16, too
    if isinstance(value, dict):
        inner = java and re.fullmatch(r"Map<\w+, (\w+)>", java)
        entries = [f"Map.entry({literal(k)}, {literal(v, inner and inner[1])})" for k, v in value.items()]
        return f"Map.ofEntries({', '.join(entries)})"
    if isinstance(value, (list, tuple)):
        return f"List.of({', '.join(map(literal, value))})"
    if isinstance(value, int):
        text = str(float(value)) if java in ("double", "Double") else str(value)
        return text + ("f" if java == "float" else "L" if java not in ("double", "Double") and not -2**31 <= value < 2**31 else "")
    if isinstance(value, float):
        return repr(value) + ("f" if java == "float" else "")
    raise Refused(f"{value!r} cannot be written in Java.")
