"""Answers in Swedish, quoted and proven, from public-sector reports."""

import os

__version__ = "0.1.0"

# Nothing leaves the machine. Since 1.29 onnxruntime tells its maker of every model that is loaded, and keeps
# a number of the machine for that. It looks for this once, as it is loaded: so it stands before all imports.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
