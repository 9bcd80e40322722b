#!/bin/sh
# Has the notebook fetch its libraries into the user's home when the image is built: by a quick run that leaves no more.
set -eu
umask 0002
out=$(mktemp -d)
python tools/run_notebook.py GPU_vs_CPU_Benchmark.ipynb "$out" --settings \
    "epochs = 1; imageSize = 64; measureSeconds = 0; sweepSeconds = 0; resultsFolder = \"$out/results\"; modelsFolder = \"$out/models\";"
# ImageNet's weights, if they could be fetched: start.sh puts them into data/, which may be a folder of the user's.
find data -name 'resnet18*.safetensors' -exec mv {} "$HOME/" \;
rm -rf "$out" data/sneakers "$HOME/.ipython" "$HOME/.local"
# Of the caches only that of the compiled support/ is needed again.
find "$HOME/.cache" -mindepth 1 -maxdepth 1 ! -name gpu-vs-cpu-java -exec rm -rf {} +
# DJL has unpacked PyTorch's libraries from their jar, where it goes on looking for what tells their version.
find "$HOME/.m2" -name 'pytorch-native-*.jar' -exec python -c 'if True:
    import sys, zipfile
    with zipfile.ZipFile(sys.argv[1]) as jar:
        rest = {name: jar.read(name) for name in jar.namelist() if ".so" not in name}
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as jar:
        for name, content in rest.items():
            jar.writestr(name, content)' {} \;
chmod -R g=u "$HOME"
