"""What an import is told besides its files: settings that are guessed, shown, saved and changed.

They lie in a YAML file (`--mapping`), and single ones on the command line (`--set key=value`). Each
format says which there are, by a model of its own.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.inputs import validate

MOST_BYTES = 1 << 20  # of a mapping file


class Settings(BaseModel):
    """The settings of a format; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Settings)


def load_settings(path: Path) -> dict[str, Any]:
    """Read a mapping file; raises Refused with its line where it is none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        data = path.read_bytes()
        if len(data) > MOST_BYTES:
            raise Refused("The file is too long for a mapping.", way_out="Name the mapping file.")
        found = YAML(typ="safe", pure=True).load(data.decode("utf-8-sig"))
    except OSError as error:
        raise Refused(
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}.",
            way_out="Name a mapping file, as --save-mapping writes it.",
        ) from error
    except UnicodeDecodeError as error:
        raise Refused("The mapping is not UTF-8.", way_out="Save it as UTF-8.").at(
            file=str(path)
        ) from error
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        raise Refused(
            "The mapping is not YAML.", way_out="Start from one that --save-mapping wrote."
        ).at(file=str(path), line=mark.line + 1 if mark else None) from error
    if not isinstance(found, dict):
        raise Refused(
            "The mapping has no keys.", way_out="Start from one that --save-mapping wrote."
        ).at(file=str(path))
    return found


def settings_text(settings: Mapping[str, Any]) -> str:
    """Settings as YAML, as `load_settings` reads them."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    text = io.StringIO()
    yaml.dump(dict(settings), text)
    return text.getvalue()


def set_on_line(settings: dict[str, Any], words: Sequence[str]) -> dict[str, Any]:
    """Settings with those of the command line, `key=value` or `key.key=value`, in their place."""
    made = dict(settings)
    for word in words:
        path, equals, value = word.partition("=")
        if not equals or not path:
            raise UsageFault(f"{word!r} sets nothing.", way_out="Write --set key=value.")
        *outer, last = path.split(".")
        place = made
        for name in outer:
            inner = place.get(name)
            place[name] = place = dict(inner) if isinstance(inner, dict) else {}
        place[last] = value
    return made


def checked(model: type[S], settings: Mapping[str, Any], file: Path | None) -> S:
    """Settings of a format, checked; raises Refused with the key at fault."""
    try:
        return validate(model, settings)
    except ClaimsError as error:
        raise error.at(file=str(file) if file else None) from None
