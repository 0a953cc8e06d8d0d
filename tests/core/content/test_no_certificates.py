"""A system without certificates, as the smallest ones are, is as good as any: nothing here connects to anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_the_engine_can_be_imported_where_there_are_no_certificates() -> None:
    nowhere = {"SSL_CERT_FILE": "/nowhere/file", "SSL_CERT_DIR": "/nowhere/folder"}
    code = "import os; from core import api; print(os.environ['SSL_CERT_DIR'])"
    environment = {**os.environ, **nowhere, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "/nowhere/folder\n"), done.stderr
