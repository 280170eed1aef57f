"""Print the oldest releases that a pyproject.toml admits of what the package needs, a pin a line."""

import re
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text(encoding="utf-8")
needed = re.search(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE)
extras = re.findall(r"^(jsonschema|pydantic|lsp) = \[(.*?)\]", text, re.MULTILINE)
if needed is None or [name for name, _ in extras] != ["jsonschema", "pydantic", "lsp"]:
    sys.exit("pyproject.toml does not look as expected")
for requirement in re.findall(r'"([^"]+)"', needed[1] + "".join(pins for _, pins in extras)):
    print(requirement.replace(">=", "=="))
