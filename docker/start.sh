#!/bin/sh
# Starts what it is given, in a container. Folders mounted over data/ and results/ get what the notebook reads there.
for sample in data/sneakers.zip results/0000-original-tutorial.csv; do
    folder=${sample%/*}
    if [ ! -w "$folder" ]; then
        echo "$PWD/$folder cannot be written by user $(id -u). Start the container with" \
            "--user \"\$(id -u):\$(id -g)\" --group-add 0, or let everyone write in that folder." >&2
        exit 1
    fi
    [ -e "$sample" ] || cp "/usr/local/share/gpu-vs-cpu-java/$sample" "$sample"
done
for weights in "$HOME"/resnet18*.safetensors; do
    [ ! -e "$weights" ] || [ -e "data/${weights##*/}" ] || cp "$weights" data/
done
# The libraries are in this home. For another user id Java would take another one, whatever HOME says.
export JJAVA_JVM_OPTS="-Duser.home=$HOME $JJAVA_JVM_OPTS"
if [ -z "$PYTORCH_LIBRARY_PATH" ] && command -v nvidia-smi >/dev/null; then
    echo "This image has PyTorch for the CPU alone. Start it without --gpus, or build one with --target gpu." >&2
    exit 1
fi
exec "$@"
