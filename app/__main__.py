"""`python -m app` is `holdfast`."""

import sys

from app.main import main

sys.exit(main())
