#!/usr/bin/env bash
# Runs colab.ipynb as a person does on Google Colab, in a container like it: tests/colab_test.sh
# Debian with Python, Jupyter and pip, as root, without a JDK and without Debian's python3-venv; the project comes as an
# uploaded zip. Then the Java kernel that it has installed runs the notebook's first section, over ipc.
# Needs Docker or Podman; a base that cannot be pulled is made by debootstrap. May be set in the environment:
#   BASE_IMAGE           a base with apt-get, else debian:12-slim
#   RELEASE              Debian's or Ubuntu's release where debootstrap makes the base, else bookworm
#   DEBOOTSTRAP_OPTIONS  more options for it; Ubuntu's need --components=main,universe
#   ENGINE_OPTIONS       more options for `run`
set -euo pipefail
cd "$(dirname "$0")/.."

if docker info >/dev/null 2>&1; then
    engine=docker run=(docker run --rm)
elif podman info >/dev/null 2>&1; then
    engine=podman run=(podman run --rm --ulimit nofile=4096:4096 --ulimit nproc=32768:32768)
else
    echo "Skipped: Google Colab's notebook was not tried, since neither Docker nor Podman answers here."
    exit 0
fi
read -ra more <<<"${ENGINE_OPTIONS:-}"
run+=("${more[@]}")

temp=$(mktemp -d)
trap 'rm -rf "$temp"; "$engine" rmi --force localhost/gpu-vs-cpu-java-colab:test >/dev/null 2>&1 || true' EXIT
base=${BASE_IMAGE:-debian:12-slim}
if ! "$engine" image inspect "$base" >/dev/null 2>&1 && ! "$engine" pull "$base" >/dev/null 2>&1; then
    echo "$base cannot be pulled: debootstrap makes a base"
    read -ra how <<<"${DEBOOTSTRAP_OPTIONS:-}"
    debootstrap --variant=minbase "${how[@]}" "${RELEASE:-bookworm}" "$temp/base" >/dev/null
    cp --recursive /usr/local/share/ca-certificates "$temp/base/usr/local/share/" 2>/dev/null || true
    base=localhost/gpu-vs-cpu-java-colab:test
    tar --create --directory "$temp/base" . | "$engine" import - "$base" >/dev/null 2>&1
    rm -rf "$temp/base"
fi

# The folder that Colab calls /content, with what a person uploads there; the settings are those of its form.
mkdir "$temp/content"
git archive --prefix project-main/ --output "$temp/content/project.zip" HEAD
sed -e 's/"project = \\"\\"/"project = \\"project.zip\\"/' -e 's/"epochs = 3/"epochs = 1/' -e 's/"image_size = 224/"image_size = 64/' \
    -e 's/"more = \\"\\"/"more = \\"measureSeconds = 0; sweepSeconds = 0; pretrained = false;\\"/' colab.ipynb >"$temp/content/colab.ipynb"
cat >"$temp/content/run.py" <<'END'
import nbclient
import nbformat

notebook = nbformat.read("colab.ipynb", as_version=4)
try:
    nbclient.execute(notebook, timeout=None)
finally:
    nbformat.write(notebook, "colab.ipynb")
END
cat >"$temp/content/first_section.py" <<'END'
import json
import sys
from pathlib import Path

from jupyter_client.manager import KernelManager

cells = json.load(open(next(Path().glob("gpu-vs-cpu-java/*/GPU_vs_CPU_Benchmark.ipynb"))))["cells"]
manager = KernelManager(kernel_name="java", transport="ipc", ip="/tmp/kernel")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)
for cell in cells[:next(i for i, cell in enumerate(cells) if cell["id"] == "settings")]:
    if cell["cell_type"] == "code":
        reply = client.execute_interactive("".join(cell["source"]), timeout=600, output_hook=lambda message: None)
        print(cell["id"], reply["content"]["status"], flush=True)
        if reply["content"]["status"] != "ok":
            sys.exit(1)
client.stop_channels()
manager.shutdown_kernel()
END

"${run[@]}" --volume "$temp/content:/content" --workdir /content "$base" sh -ec '
    export DEBIAN_FRONTEND=noninteractive
    apt-get update >/dev/null
    apt-get install --yes --no-install-recommends ca-certificates git python3-pip python3-ipykernel python3-nbclient >/dev/null 2>&1
    python3 --version
    python3 -c "import ensurepip" 2>/dev/null && echo "ensurepip is there" || echo "ensurepip is not there"
    ! command -v java
    python3 run.py
    python3 first_section.py'
python3 - "$temp/content" <<'END'
import json
import sys
from pathlib import Path

content = Path(sys.argv[1])
cells = {cell["id"]: cell for cell in json.loads((content / "colab.ipynb").read_text())["cells"]}
shown = json.dumps(cells["run"]["outputs"])
for what, there in {
    "the page is shown": "<iframe srcdoc=" in shown,
    "the headline chart is shown": "image/png" in shown,
    "the results are packed": (content / "to-keep.zip").exists(),
}.items():
    print("  ok     " if there else "  FAILED ", what)
    if not there:
        sys.exit(1)
END
