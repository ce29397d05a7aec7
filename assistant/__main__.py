"""`assistant` and `python -m assistant`."""

from __future__ import annotations

import os
import sys

from assistant.cli.streams import (
    BROKEN_PIPE_STATUS,
    flush_output,
    prepare_streams,
    silence_output,
)
from assistant.models.network import forbid_telemetry


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        forbid_telemetry()
        prepare_streams(os.environ)
        status = _run()
        flush_output()
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        silence_output()
        status = BROKEN_PIPE_STATUS
    except OSError as error:
        silence_output()
        print(f"Error: the output can't be written: {error.strerror}.", file=sys.stderr)
        status = 1
    sys.exit(status)


def _run() -> str | int | None:
    from assistant.cli.main import root

    try:
        root.main(prog_name="assistant")
    except SystemExit as ended:
        return ended.code


if __name__ == "__main__":
    main()
