"""Reading the operator's settings from the environment.

Promise: what is set is understood whole, or refused with all that is wrong about it and the next
step for each; a secret that is refused is not repeated.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.config import PREFIX, SETTINGS, Config, Setting
from crawler.errors import ConfigError


def read_config(environ: Mapping[str, str]) -> Config:
    """Read every TUMEN_ variable of `environ`; an empty one counts as unset.

    Raises ConfigError that names each unknown variable with its neighbors, and each bad value with
    the form that is expected. A secret X may come as X_FILE, the path of a file that holds it.
    """
    problems = [_name_unknown(name) for name in sorted(environ) if _is_unknown(name)]
    values: dict[str, Any] = {}  # each typed by its own parser
    for field_name, setting in SETTINGS.items():
        try:
            text = _find_text(setting, environ)
            if text:
                values[field_name] = _parse(setting, text)
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return dataclasses.replace(Config(), **values)


def _known_variables() -> list[str]:
    plain = [setting.variable for setting in SETTINGS.values()]
    return plain + [f"{row.variable}_FILE" for row in SETTINGS.values() if row.is_secret]


def _is_unknown(name: str) -> bool:
    return name.startswith(PREFIX) and name not in _known_variables()


def _name_unknown(name: str) -> str:
    known = _known_variables()
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}."
    return f"{name} is not a setting; {hint}"


def _find_text(setting: Setting, environ: Mapping[str, str]) -> str:
    text = environ.get(setting.variable, "").strip()
    path_variable = f"{setting.variable}_FILE"
    path = environ.get(path_variable, "") if setting.is_secret else ""
    if not path:
        return text
    if text:
        raise ConfigError(f"{setting.variable} and {path_variable} are both set; keep one.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(
            f"{path_variable}={path}: {reason}; expected the path of a readable text file that "
            f"holds {setting.expects}."
        ) from error


def _parse(setting: Setting, text: str) -> object:
    try:
        return setting.parse(text)
    except ValueError as error:
        # Nobody knows where in a broken secret the password is.
        shown = "***" if setting.is_secret else text
        raise ConfigError(
            f"{setting.variable}={shown}: expected {setting.expects} ({error})."
        ) from error
