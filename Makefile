# make run    runs the whole notebook headless; make run SETTINGS='epochs = 1; dataZip = "my.zip";' with other settings
# make lab    opens it in JupyterLab; make lab LAB_OPTIONS='--no-browser --port=8889' with options of `jupyter lab`
# make test   passes the tests; TIER=fast those that take no two minutes, TIER=kernel, machines or browser one group of the
#             others, TIER=scale the examples on several processes; TESTS=SafeUnzipTest some by name
# make gpu-check   tests and measures on a machine with an NVIDIA GPU
# make compare [ZIP=data/sneakers.zip] [ROUNDS=3] [EPOCHS=3]   sets the notebook against PyTorch in Python
# make image-test [IMAGES="cpu gpu"]   builds the Docker image and tries it
# Needs a JDK (17 or later), Python (3.10 or later) and, for the tests, Maven.

PYTHON   ?= python3
export SETTINGS ?=
LAB_OPTIONS ?=
NOTEBOOK := GPU_vs_CPU_Benchmark.ipynb
VENV     := .venv
COMPARE  := .venv-compare
ZIP      ?= data/sneakers.zip
ROUNDS   ?= 3
EPOCHS   ?= 3
IMAGES   ?= cpu
TIER     ?= all
# By the tags of the test classes; the untagged ones are unit tests.
GROUPS.all      := -DexcludedGroups=cluster
GROUPS.fast     := -DexcludedGroups=kernel,machines,browser,gpu,examples,cluster
GROUPS.kernel   := -Dgroups=kernel
GROUPS.machines := -Dgroups=machines
GROUPS.browser  := -Dgroups=browser
GROUPS.scale    := -Dgroups=examples,cluster

# The order in which nvidia-smi lists the GPUs, so that gpu0 is the same one everywhere.
export CUDA_DEVICE_ORDER := PCI_BUS_ID
# A locale that knows only ASCII, as C does and one that is not installed: Java would find no file with an accent in its name.
ifneq (,$(filter ANSI_X3.4-1968 US-ASCII,$(shell locale charmap 2>/dev/null)))
export LC_ALL := C.UTF-8
endif
# Else pip refuses where it is set to install for the user: a virtual environment knows no user.
export PIP_USER := 0
ifdef JAVA_HOME
export PATH := $(JAVA_HOME)/bin:$(PATH)
endif
# On Linux PyTorch's CPU memory goes back to the operating system after each step and has to be got again, page by page.
# Kept by glibc, and in large pages, a step takes about a third less time. The serial collector keeps Java's heap small
# and its threads off the cores that train.
MEMORY := MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=1099511627776 THP_MEM_ALLOC_ENABLE=1
# What the kernel runs before the first cell: errors get a line that says what to do. Both kernels know such a variable.
HINTS := JJAVA_STARTUP_SCRIPTS_PATH=support/kernel/startup.jsh IJAVA_STARTUP_SCRIPTS_PATH=support/kernel/startup.jsh
# Java 24 and later warn on the terminal of what JNA and DJL do natively, unless told by both options that they may. These
# stand last, for where they are left out: the launcher takes a space in front for an option.
NATIVE := --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
MAY_BE_NATIVE := $$(java $(NATIVE) -version >/dev/null 2>&1 && echo $(NATIVE))
KERNEL = $(MEMORY) $(HINTS) JJAVA_JVM_OPTS="$(strip $(if $(findstring GC,$(JJAVA_JVM_OPTS)),,-XX:+UseSerialGC) $(JJAVA_JVM_OPTS)) $(MAY_BE_NATIVE)"
# Where a virtual environment lies and whose it is, by which its programs and packages go: once either is another, it is made anew.
MADE_FOR := cd -P $(VENV) && pwd && bin/python -c 'import sys; print(*sys.version_info[:2])'
NOW      := $(shell ($(MADE_FOR)) 2>/dev/null)
ifneq ($(NOW),$(or $(shell cat $(VENV)/installed 2>/dev/null),$(NOW)))
.PHONY: $(VENV)/installed
ANEW := --clear
endif

.PHONY: run lab test gpu-check compare image-test setup clean
.DEFAULT_GOAL := run

run: setup
	@exec env $(KERNEL) $(VENV)/bin/python tools/run_notebook.py $(NOTEBOOK) build --settings "$$SETTINGS"

lab: setup
	$(KERNEL) $(VENV)/bin/jupyter lab $(NOTEBOOK) $(LAB_OPTIONS)

test: setup
	@test -n "$(GROUPS.$(TIER))" || { echo "TIER=$(TIER): must be all, fast, kernel, machines, browser or scale."; exit 2; }
	@rm -rf tests/target/surefire-reports
	@$(KERNEL) mvn --batch-mode --no-transfer-progress --file tests/pom.xml $(GROUPS.$(TIER)) $(TESTS:%=-Dtest='%') test; \
	status=$$?; $(VENV)/bin/python tests/report.py tests/target/surefire-reports; exit $$status

gpu-check: setup
	@tests/gpu_check.sh

compare: setup $(COMPARE)/installed
	$(KERNEL) $(VENV)/bin/python compare/compare.py --python $(COMPARE)/bin/python --zip $(ZIP) --rounds $(ROUNDS) --epochs $(EPOCHS)

image-test:
	tests/image_test.sh $(IMAGES)

$(COMPARE)/installed: compare/requirements.txt
	@echo "Setting up $(COMPARE): PyTorch (once, about 3 GB with its CUDA libraries)"
	@$(PYTHON) -m venv $(COMPARE)
	@$(COMPARE)/bin/python -m pip install --quiet --disable-pip-version-check --requirement compare/requirements.txt
	@touch $@

setup: $(VENV)/installed
	@tools/check_java.sh

$(VENV)/installed: requirements.txt
	@echo "Setting up $(VENV): JupyterLab and the JJava kernel (once)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or later is needed; PYTHON=%s is %s." % ("$(PYTHON)", sys.version.split()[0])) if sys.version_info < (3, 10) else None'
	@$(PYTHON) -m venv $(ANEW) $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@($(MADE_FOR)) > $@

clean:
	rm -rf build tests/target examples/target examples/spark/target
