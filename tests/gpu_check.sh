#!/usr/bin/env bash
# Checks and measures on a machine with an NVIDIA GPU what no other machine can: tests/gpu_check.sh
# It runs the tests that need a GPU, then the notebook on 2,207 rendered photos, with other batch sizes, without TF32, with
# cuDNN's benchmark mode and in mixed precision, then PyTorch in Python beside it, and says on one page,
# build/gpu-check/report.md, which aims were met. It leaves results rows in results/, the comparison in results/compare/, the
# rest in build/gpu-check/. It takes half an hour or more.
#   CHECK_DEVICE=cpu tests/gpu_check.sh     tries the script itself without a GPU, with small numbers that mean nothing
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/gpu-check
device=${CHECK_DEVICE:-gpu0}

if [ "$device" = cpu ]; then
    zip=data/sneakers.zip photos=240 original='epochs = 1; imageSize = 64; measureSeconds = 0; sweepSeconds = 2;'
    batches=(64) results="$out/results"
elif nvidia-smi >/dev/null 2>&1; then
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv
    zip=data/sneakers-2207.zip photos=2207 original='' batches=(128 256) results=results
else
    echo "Skipped: nvidia-smi finds no NVIDIA GPU here."
    exit 0
fi
original="dataZip = \"$zip\"; heldOut = 0; secondDevice = \"$device\"; $original"

mkdir -p "$out"
rm -rf "${out:?}"/*
mkdir "$out/tests"
if [ ! -e "$zip" ]; then
    echo "== Rendering $photos photos"
    java data/RenderSneakers.java "$photos" "$zip"
fi

failed=0
notebook() { # NAME SETTINGS [VARIABLE=VALUE...]: the whole notebook; its page goes to build/gpu-check/NAME
    echo "== The notebook: $1"
    env "${@:3}" make --no-print-directory run SETTINGS="$original $2" || failed=1
    mkdir -p "$out/$1"
    cp -r build/*.ipynb build/*.html build/charts "$out/$1/"
}

echo "== The tests that need a GPU"
rm -f tests/target/surefire-reports/TEST-*.xml
make --no-print-directory test TESTS=GpuTest || failed=1
cp tests/target/surefire-reports/TEST-*.xml "$out/tests/" || failed=1

notebook original "resultsFolder = \"$results\";"
for batch in "${batches[@]}"; do
    notebook "batch-$batch" "batchSize = $batch; resultsFolder = \"$out/results-batch-$batch\";"
done
notebook without-tf32 "resultsFolder = \"$out/results-without-tf32\";" NVIDIA_TF32_OVERRIDE=0
notebook cudnn-benchmark "resultsFolder = \"$out/results-cudnn-benchmark\";" \
    JJAVA_JVM_OPTS=-Dai.djl.pytorch.cudnn_benchmark=true

if [ "$device" != cpu ]; then      # a CPU without 16-bit arithmetic would take long for it
    notebook mixed "precision = \"mixed\"; resultsFolder = \"$out/results-mixed\";"
    echo "== PyTorch in Python beside it"
    make --no-print-directory compare ZIP="$zip" ROUNDS=3 EPOCHS=3 || failed=1
fi

echo "== What came of it"
comparison=$(find results/compare -name '*.csv' -newer "$out/tests" 2>/dev/null | tail -n 1)
.venv/bin/python tests/gpu_report.py "$results" "$out" ${comparison:+"$comparison"} || failed=1
exit $failed
