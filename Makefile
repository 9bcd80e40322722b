# make run    runs the whole notebook headless; make run SETTINGS='epochs = 1; dataZip = "my.zip";' with other settings
# make lab    opens it in JupyterLab; make lab LAB_OPTIONS='--no-browser --port=8889' with options of `jupyter lab`
# make test   passes the tests; TIER=fast those that take no two minutes, TIER=kernel, machines or browser one group of the
#             others, TIER=scale the examples on several processes, TIER=tools what other tools make of the notebook;
#             TESTS=SafeUnzipTest some by name
# make gpu-check   tests and measures on a machine with an NVIDIA GPU
# make compare [ZIP=data/sneakers.zip] [ROUNDS=3] [EPOCHS=3]   sets the notebook against PyTorch in Python
# make image-test [IMAGES="cpu gpu"]   builds the Docker image and tries it
# Needs a JDK (17 or later), Python (3.10 or later) and, for the tests, Maven.

PYTHON   ?= python3
export SETTINGS ?=
LAB_OPTIONS ?=
VENV     := .venv
COMPARE  := .venv-compare
TOOLS    := build/tools
ZIP      ?= data/sneakers.zip
ROUNDS   ?= 3
EPOCHS   ?= 3
IMAGES   ?= cpu
TIER     ?= all

# What each target does stands in tools/tutorial.py, which also runs where there is no make, as on Windows.
# -E: without the PYTHONHOME and PYTHONPATH of another Python.
TUTORIAL := $(PYTHON) -E tools/tutorial.py

.PHONY: run lab test gpu-check compare image-test setup clean
.DEFAULT_GOAL := run

run:
	@$(TUTORIAL) run

lab:
	@$(TUTORIAL) lab $(LAB_OPTIONS)

test: $(if $(filter tools,$(TIER)),$(TOOLS)/installed)
test:
	@$(TUTORIAL) test --tier $(TIER) $(TESTS:%=--tests='%')

gpu-check: setup
	@tests/gpu_check.sh

compare: setup $(COMPARE)/installed
	$(TUTORIAL) with $(VENV)/bin/python compare/compare.py --python $(COMPARE)/bin/python --zip $(ZIP) --rounds $(ROUNDS) --epochs $(EPOCHS)

image-test:
	tests/image_test.sh $(IMAGES)

$(COMPARE)/installed: compare/requirements.txt
	@echo "Setting up $(COMPARE): PyTorch (once, about 3 GB with its CUDA libraries)"
	@$(PYTHON) -m venv $(COMPARE)
	@$(COMPARE)/bin/python -m pip install --quiet --disable-pip-version-check --requirement compare/requirements.txt
	@touch $@

$(TOOLS)/installed: tests/tools.txt requirements.txt
	@echo "Setting up $(TOOLS): papermill, voila and other tools (once)"
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/tools.txt
	@touch $@

setup:
	+@$(TUTORIAL) set-up $(if $(findstring n,$(firstword -$(MAKEFLAGS))),--dry-run)

clean:
	rm -rf build target support/target tests/target examples/target examples/spark/target
