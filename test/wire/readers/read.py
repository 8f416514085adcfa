"""Reads JSON-RPC messages as Python does, and says what it read.

Frames come on standard input, each a decimal length in bytes, a line feed and so many bytes. For each one line goes out: the whole
message in canonical form, a tab, the fields that a typed server would take, a tab, the fields that the most lenient server would.
"""
import json
import re
import sys
import unicodedata

sys.setrecursionlimit(20_000)

FIELDS = {
    "": ("id", "method", "params"),
    "params": (
        "_meta", "name", "arguments", "uri", "cursor", "ref", "argument", "context", "level", "task", "taskId",
        "requestId", "reason", "progressToken", "progress", "total", "protocolVersion", "capabilities", "clientInfo",
        "inputResponses", "requestState", "notifications",
    ),
    "params._meta": (
        "progressToken", "io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientCapabilities",
        "io.modelcontextprotocol/clientInfo", "io.modelcontextprotocol/logLevel",
    ),
    "params._meta.io.modelcontextprotocol/clientInfo": ("name", "version"),
    "params.ref": ("type", "name", "uri"),
    "params.argument": ("name", "value"),
    "params.context": ("arguments",),
    "params.clientInfo": ("name", "version"),
}


class Number(str):
    """A number with the text that it came in."""


def decimal(text):
    negative = text.startswith("-")
    mantissa, _, power = text.lstrip("-").lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    exponent = int(power or "0") - len(fraction)
    kept = digits.rstrip("0")
    exponent += len(digits) - len(kept)
    kept = kept.lstrip("0")
    return "0" if kept == "" else f"{'-' if negative else ''}{kept}e{exponent}"


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def canonical(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, Number):
        return decimal(value)
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    keys = sorted(value)
    return "{" + ",".join(f"{json.dumps(key)}:{canonical(value[key])}" for key in keys) + "}"


SAME = str.maketrans("ı", "i", "_-")


def folded(key):
    """As the most forgiving of parsers compare: up to the first NUL, any case, any width, any of snake, kebab and camel case."""
    shown = "".join(c for c in key.split("\0", 1)[0] if unicodedata.category(c) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFKC", shown).lower().replace("i\u0307", "i").strip().translate(SAME)


def exact(value, name):
    return value.get(name, MISSING)


def lenient(value, name):
    wanted = folded(name)
    found = MISSING
    for key, member in value.items():
        if folded(key) == wanted:
            found = member
    return found


MISSING = object()


def fields(message, pick):
    out = {}

    def look(value, place):
        for name in FIELDS.get(place, ()):
            member = pick(value, name)
            if member is MISSING:
                continue
            path = f"{place}.{name}" if place else name
            if isinstance(member, dict) and path in FIELDS:
                look(member, path)
            else:
                out[path] = member

    look(message, "")
    return canonical(out)


def answer(data):
    try:
        message = json.loads(data.decode("utf-8"), parse_int=Number, parse_float=Number, parse_constant=refuse)
    except (ValueError, RecursionError) as fault:
        return "fault: " + re.sub(r"\s", " ", str(fault))
    if not isinstance(message, dict):
        return "fault: no object"
    return f"{canonical(message)}\t{fields(message, exact)}\t{fields(message, lenient)}"


def main():
    source, out = sys.stdin.buffer, sys.stdout
    while True:
        head = source.readline()
        if not head:
            return
        length = int(head)
        out.write(answer(source.read(length)) + "\n")
        # Answers are asked for in batches; an empty frame ends one.
        if length == 0:
            out.flush()


main()
