"""Print the oldest releases that a pyproject.toml admits of what the package needs, a pin a line."""

import re
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text(encoding="utf-8")
needed = re.search(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE)
extra = re.search(r"^jsonschema = \[(.*?)\]", text, re.MULTILINE)
if needed is None or extra is None:
    sys.exit("pyproject.toml does not look as expected")
for requirement in re.findall(r'"([^"]+)"', needed[1] + extra[1]):
    print(requirement.replace(">=", "=="))
