#!/usr/bin/env bash
# Builds the Docker image and tries it as a user would: tests/image_test.sh [cpu] [gpu]
# With Docker where an engine answers, else with Podman; where there is neither, it says so and passes. A base that
# cannot be pulled is made by debootstrap. Afterwards the images are gone again. May be set in the environment:
#   BASE_IMAGE            a base other than the Dockerfile's
#   IMAGE_BUILD_OPTIONS   more options for `build`
#   IMAGE_RUN_OPTIONS     more options for each `run`
set -euo pipefail
cd "$(dirname "$0")/.."

TOKEN=a-token-of-the-test
QUICK='epochs = 1; imageSize = 64; measureSeconds = 0; sweepSeconds = 0; dataZip = "data/mine.zip";'
COLAB=https://colab.research.google.com
SECONDS_TO_START=120

if docker info >/dev/null 2>&1; then
    engine=docker build=(docker build) run=(docker run --no-healthcheck)
elif podman info >/dev/null 2>&1; then
    # OCI's format has no HEALTHCHECK. Podman asks for more open files and processes than some machines let it.
    engine=podman build=(podman build --format docker)
    run=(podman run --no-healthcheck --ulimit nofile=4096:4096 --ulimit nproc=32768:32768)
else
    echo "Skipped: the Docker image was not tried, since neither Docker nor Podman answers here."
    exit 0
fi
read -ra more <<<"${IMAGE_BUILD_OPTIONS:-}"
build+=("${more[@]}")
read -ra more <<<"${IMAGE_RUN_OPTIONS:-}"
run+=("${more[@]}")

temp=$(mktemp -d)
containers=() images=()
images_before=$("$engine" images --all --quiet --no-trunc | sort -u)
clean_up() {
    for container in "${containers[@]}"; do
        "$engine" rm --force --volumes "$container" >/dev/null 2>&1 || true
    done
    "$engine" rmi "${images[@]}" >/dev/null 2>&1 || true
    comm -13 <(echo "$images_before") <("$engine" images --all --quiet --no-trunc | sort -u) |
        xargs --no-run-if-empty "$engine" rmi --force >/dev/null 2>&1 || true
    rm -rf "$temp"
}
trap clean_up EXIT

passed=0 failed=0
check() { # NAME COMMAND...: passes if the command does; else shows what it said
    local name=$1
    shift
    if "$@" >"$temp/said" 2>&1; then
        passed=$((passed + 1))
        echo "  ok      $name"
    else
        failed=$((failed + 1))
        echo "  FAILED  $name"
        sed 's/^/          /' "$temp/said" | tail -n 20
    fi
}
fails() { ! "$@"; }
stop_with_log() { tail -n 30 "$temp/log" >&2 && exit 1; }
same() { [ "$1" = "$2" ] || { echo "$1 instead of $2" && return 1; }; }

start() { # OPTION... -- COMMAND...: a container in the background, as $container
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    container=$("${run[@]}" --detach "${options[@]}" "$image" "$@" 2>"$temp/log") || stop_with_log
    containers+=("$container")
}
lab() { # OPTION... -- COMMAND...: JupyterLab, once it answers at $url
    start --publish 127.0.0.1::8888 "$@"
    url=http://$("$engine" port "$container" 8888 | head -n 1)
    for ((i = 0; i < SECONDS_TO_START; i++)); do
        if [ "$(status /api)" = 200 ]; then
            return
        fi
        sleep 1
    done
    echo "JupyterLab did not answer within $SECONDS_TO_START s:" >&2
    "$engine" logs "$container" >&2
    exit 1
}
http() { curl --silent --noproxy '*' --max-time 20 "$@"; }
status() { http --output /dev/null --write-out '%{http_code}' "${@:2}" "$url$1" || true; }
answers() { same "$(status "${@:2}")" "$1"; } # STATUS PATH CURL_OPTION...
inside() { "$engine" exec "$container" "$@"; }
health_check() { # as the engine does it
    mapfile -t command < <("$engine" image inspect "$image" | python3 -c 'if True:
        import json, sys
        image = json.load(sys.stdin)[0]
        print("\n".join((image.get("Healthcheck") or image["Config"]["Healthcheck"])["Test"][1:]))')
    inside "${command[@]}"
}

make_base() { # what the default base is, from Debian's packages; it trusts the certificates that this machine does
    if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
        echo "$1 cannot be pulled. Set BASE_IMAGE to a base that can, or run this as root with debootstrap." >&2
        exit 1
    fi
    echo "$1 cannot be pulled: debootstrap makes a base"
    debootstrap --variant=minbase trixie "$temp/base" >"$temp/log" 2>&1 || stop_with_log
    rm -rf "$temp/base/var/cache/apt/archives/"*.deb "$temp/base/var/lib/apt/lists/"*
    cp --recursive /usr/local/share/ca-certificates "$temp/base/usr/local/share/" 2>/dev/null || true
    BASE_IMAGE=localhost/gpu-vs-cpu-java-base:test
    tar --create --directory "$temp/base" . | "$engine" import - "$BASE_IMAGE" >/dev/null 2>&1
}
if [ -z "${BASE_IMAGE:-}" ]; then
    BASE_IMAGE=$(sed -n 's/^ARG BASE_IMAGE=//p' Dockerfile)
    "$engine" pull "$BASE_IMAGE" >/dev/null 2>&1 || make_base "$BASE_IMAGE"
fi

# An nvidia-smi that lists a GPU, and a driver that finds none: all of CUDA that can be had everywhere.
stub=$temp/stub
mkdir "$stub"
printf '#!/bin/sh\necho Stub, 999.1, 16384\n' >"$stub/nvidia-smi"
chmod 755 "$temp" "$stub" "$stub/nvidia-smi"
with_gpu=(--volume "$stub/nvidia-smi:/usr/bin/nvidia-smi")
try_stub_of_a_driver() {
    if ! command -v gcc >/dev/null || ! command -v nm >/dev/null; then
        echo "  skipped CUDA with the stub of a driver, which needs gcc and nm"
        return
    fi
    "${run[@]}" --rm "$image" cat /opt/pytorch/torch/lib/libcaffe2_nvrtc.so >"$stub/user.so" 2>"$temp/log"
    nm --dynamic --undefined-only "$stub/user.so" |
        sed -n 's/.* \(cu[A-Z].*\)/int \1(void) { return 100; }/p' >"$stub/cuda.c"
    gcc -shared -fPIC -Wl,-soname,libcuda.so.1 -o "$stub/libcuda.so.1" "$stub/cuda.c"
    "${run[@]}" --rm --network none "${as_owner[@]}" "${mounts[@]}" "${with_gpu[@]}" \
        --volume "$stub/libcuda.so.1:/usr/lib/x86_64-linux-gnu/libcuda.so.1" \
        "$image" python tools/run_notebook.py GPU_vs_CPU_Benchmark.ipynb build \
        --settings 'show(pytorch.whyNot(Device.gpu(0))); if (true) throw new RuntimeException("Far enough");' \
        >"$temp/log" 2>&1 || true
    check "gets as far with the stub of a driver" grep 'Far enough' "$temp/log"
    check "loads CUDA's runtime and PyTorch's CUDA side there, and finds no GPU" \
        grep "NVIDIA's driver is there, but CUDA finds no GPU" "$page"
}

# The user whose folders are mounted: another than the image's own where that can be had.
uid=$(id -u) gid=$(id -g)
[ "$uid" != 0 ] || uid=4321 gid=4321
as_owner=(--user "$uid:$gid" --group-add 0)
if [ "$engine" = podman ] && [ "$(id -u)" != 0 ]; then
    as_owner+=(--userns=keep-id)
fi

for target in "${@:-cpu}"; do
    image=localhost/gpu-vs-cpu-java:test-$target
    echo "$target: $engine builds on $BASE_IMAGE, which takes minutes"
    "${build[@]}" --target "$target" --build-arg BASE_IMAGE="$BASE_IMAGE" --tag "$image" . >"$temp/log" 2>&1 ||
        stop_with_log
    images+=("$image")
    bytes=$("$engine" image inspect --format '{{.Size}}' "$image")
    echo "$target: $((bytes / 1000000)) MB"

    echo "$target: JupyterLab"
    lab --
    logged=$("$engine" logs "$container" 2>&1 | grep --only-matching --max-count 1 'http://127.*' || true)
    check "prints the notebook's address with a token" \
        grep --extended-regexp '/lab/tree/GPU_vs_CPU_Benchmark.ipynb\?token=[0-9a-f]{48}$' <<<"$logged"
    check "lets that token in" answers 200 "/api/contents?token=${logged#*token=}"
    check "opens the notebook" answers 200 "/lab/tree/GPU_vs_CPU_Benchmark.ipynb?token=${logged#*token=}"
    check "refuses whoever has none" answers 403 /api/contents
    check "has the Java kernel" grep '"java"' <<<"$(http "$url/api/kernelspecs?token=${logged#*token=}")"
    check "is healthy" health_check
    check "does not run as root" fails same "$(inside id -u)" 0
    check "owns the notebook" same "$(inside stat --format %u GPU_vs_CPU_Benchmark.ipynb)" "$(inside id -u)"
    check "has the results that the project has, and no more" \
        same "$(inside ls results)" "$(cd results && ls -- *.csv)"
    check "has the data that the project has, and no more" \
        same "$(inside ls --almost-all --ignore='resnet18*' data)" "$(git ls-files data | cut --delimiter / --fields 2)"
    check "lets no other site in" fails grep --ignore-case access-control-allow-origin \
        <<<"$(http --head --header "Origin: $COLAB" "$url/api/contents?token=${logged#*token=}")"

    lab --env JUPYTER_TOKEN=$TOKEN --
    check "takes a token of one's own" answers 200 /api/contents --header "Authorization: token $TOKEN"
    check "refuses a wrong one" answers 403 /api/contents --header "Authorization: token $TOKEN-not"
    lab --env JUPYTER_TOKEN= --
    check "refuses whoever has none, also if the token is set to nothing" answers 403 /api/contents

    lab --env JUPYTER_TOKEN=$TOKEN -- jupyter lab --ServerApp.allow_origin=$COLAB \
        --ServerApp.allow_credentials=True --ServerApp.port_retries=0
    http --dump-header "$temp/headers" --output /dev/null --header "Origin: $COLAB" "$url/api/kernelspecs?token=$TOKEN"
    check "lets Colab in if told to" grep --ignore-case "^access-control-allow-origin: $COLAB" "$temp/headers"
    check "with its token" grep --ignore-case '^access-control-allow-credentials: true' "$temp/headers"

    start -- sleep 600
    check "is not healthy where nothing listens" fails health_check

    echo "$target: the notebook without a network, as user $uid, on mounted folders"
    mkdir -p "$temp/$target/"{data,results,build,locked}
    cp data/sneakers.zip "$temp/$target/data/mine.zip"
    chown --recursive "$uid:$gid" "$temp/$target"
    chmod 555 "$temp/$target/locked"
    mounts=()
    for folder in data results build; do
        mounts+=(--volume "$temp/$target/$folder:/tutorial/$folder")
    done
    check "runs" "${run[@]}" --rm --network none "${as_owner[@]}" "${mounts[@]}" "$image" \
        python tools/run_notebook.py GPU_vs_CPU_Benchmark.ipynb build --settings "$QUICK"
    page=$temp/$target/build/GPU_vs_CPU_Benchmark.html
    row=$(cat "$temp/$target/results/"2*.csv 2>/dev/null || true)
    check "reads the zip in data/ and leaves its row in results/" grep mine.zip <<<"$row"
    check "as files of the mount's owner" \
        same "$(stat --format %u "$temp/$target/results/"*.csv | sort -u)" "$uid"
    check "keeps PyTorch's memory from step to step" grep 'kept for the next training step' "$page"
    check "says that there is no GPU" grep '<b>There is no second device.</b> ' "$page"
    said=$("${run[@]}" --rm --volume "$temp/$target/locked:/tutorial/results" "$image" true 2>&1 || true)
    check "names a mounted folder that cannot be written, and the remedy" \
        grep '/tutorial/results cannot be written by user [0-9]*\. Start the container with --user' <<<"$said"

    if [ "$target" = gpu ]; then
        check "has PyTorch with CUDA" grep '2\.7\.1+cu[0-9]* for the CPU' "$page"
        try_stub_of_a_driver
    else
        check "has PyTorch for the CPU" grep '2\.7\.1 for the CPU' "$page"
        said=$("${run[@]}" --rm "${with_gpu[@]}" "$image" true 2>&1 || true)
        check "names the image for a GPU where there is one" grep 'build one with --target gpu' <<<"$said"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
