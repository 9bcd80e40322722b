# make run    runs the whole notebook headless; make run SETTINGS='epochs = 1; dataZip = "my.zip";' with other settings
# make lab    opens it in JupyterLab
# make test   passes the tests
# Needs a JDK (17 or later), Python (3.10 or later) and, for the tests, Maven.

PYTHON   ?= python3
export SETTINGS ?=
NOTEBOOK := GPU_vs_CPU_Benchmark.ipynb
VENV     := .venv

# The order in which nvidia-smi lists the GPUs, so that gpu0 is the same one everywhere.
export CUDA_DEVICE_ORDER := PCI_BUS_ID
ifdef JAVA_HOME
export PATH := $(JAVA_HOME)/bin:$(PATH)
endif
# DJL asks JNA for libcudart, and sees no GPU without it. The path is relative, to the notebook's folder where the kernel
# starts, since the kernel's launcher splits its options at every space. Looked up when a recipe runs: set up by then.
CUDART = $(shell nvidia-smi >/dev/null 2>&1 && ls -d $(VENV)/lib/python*/site-packages/nvidia/cuda_runtime/lib 2>/dev/null)
KERNEL = JJAVA_JVM_OPTS="$(strip $(JJAVA_JVM_OPTS) $(CUDART:%=-Djna.library.path=%))"

.PHONY: run lab test setup clean
.DEFAULT_GOAL := run

run: setup
	@$(KERNEL) $(VENV)/bin/python tools/run_notebook.py $(NOTEBOOK) build --settings "$$SETTINGS"

lab: setup
	$(KERNEL) $(VENV)/bin/jupyter lab $(NOTEBOOK)

test: setup
	$(KERNEL) mvn --batch-mode --no-transfer-progress --file tests/pom.xml test

setup: $(VENV)/installed
	@tools/check_java.sh

$(VENV)/installed: requirements.txt
	@echo "Setting up $(VENV): JupyterLab and the JJava kernel (once)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or later is needed; PYTHON=%s is %s." % ("$(PYTHON)", sys.version.split()[0])) if sys.version_info < (3, 10) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

clean:
	rm -rf build tests/target
