# The notebook in JupyterLab with all that it needs, so that it runs without a network; see docs/docker.md.
#   docker build --tag gpu-vs-cpu-java .
#   docker build --tag gpu-vs-cpu-java:gpu --target gpu .

# Debian 13 is small and brings a JDK (21) and Python (3.13), for x86-64 and arm64, with security updates until 2028.
# Other bases need packages of the same names, as Debian 12 has them. Ubuntu needs --build-arg LIBJPEG=libjpeg-turbo8 (not tried).
ARG BASE_IMAGE=debian:13-slim

# The part of the JDK that the kernel and the notebook use, with the archive of classes that makes it start faster.
FROM ${BASE_IMAGE} AS jdk
# No versions: Debian keeps only the latest of each package, with its security fixes.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates default-jdk-headless \
    && /usr/lib/jvm/default-java/bin/jlink --output /opt/java --compress=2 --strip-java-debug-attributes \
        --no-header-files --no-man-pages --add-modules java.se,jdk.jshell,jdk.compiler,jdk.jartool,jdk.unsupported \
        --add-modules jdk.charsets,jdk.crypto.ec,jdk.jdwp.agent,jdk.management,jdk.zipfs \
    && cp --dereference --remove-destination /etc/ssl/certs/java/cacerts /opt/java/lib/security/cacerts \
    && /opt/java/bin/java -Xshare:dump

FROM ${BASE_IMAGE} AS jupyter
ARG LIBJPEG=libjpeg62-turbo
# What Java needs from libfreetype6 on is for charts and photos.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates fontconfig fonts-dejavu-core fonts-wqy-microhei python3-venv tini \
        libfreetype6 libharfbuzz0b "${LIBJPEG}" liblcms2-2 \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/*
COPY --from=jdk /opt/java /opt/java
ENV JAVA_HOME=/opt/java PATH=/opt/venv/bin:/opt/java/bin:$PATH
COPY requirements.txt /opt/
RUN python3 -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check --requirement /opt/requirements.txt

# PyTorch with CUDA 12.8, for GPUs from Turing (T4) to Blackwell, x86-64 only. PyPI's is built with CUDA 12.6, for GPUs from
# Maxwell to Hopper (V100 and P100, too): --build-arg PYTORCH_INDEX=https://pypi.org/simple
FROM jupyter AS pytorch
ARG PYTORCH_INDEX=https://download.pytorch.org/whl/cu128
RUN pip install --no-cache-dir --disable-pip-version-check --index-url "${PYTORCH_INDEX}" --target /opt/pytorch torch==2.7.1

FROM jupyter AS notebook
# Some bases have a user 1000 already. Group 0 may do what the user may, so that other user ids get by in that group.
RUN if id 1000 >/dev/null 2>&1; then userdel --remove "$(id --name --user 1000)"; fi \
    && useradd --uid 1000 --gid 0 --create-home --shell /bin/bash jovyan \
    && install --directory --owner=1000 --group=0 /tutorial
COPY data/sneakers.zip /usr/local/share/gpu-vs-cpu-java/data/
COPY results/0000-original-tutorial.csv /usr/local/share/gpu-vs-cpu-java/results/
COPY docker/jupyter_server_config.json /etc/jupyter/
COPY docker/start.sh docker/preload.sh /usr/local/bin/
# As in tools/tutorial.py: errors get hints.
ENV HOME=/home/jovyan LANG=C.UTF-8 JJAVA_JVM_OPTS=-XX:+UseSerialGC JJAVA_STARTUP_SCRIPTS_PATH=support/startup.jsh \
    CUDA_DEVICE_ORDER=PCI_BUS_ID
WORKDIR /tutorial
USER 1000:0
COPY --chown=1000:0 . .
RUN rm -r docker && chmod -R g=u .
EXPOSE 8888
HEALTHCHECK --start-period=30s --interval=30s --timeout=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8888/api', timeout=5)"]
ENTRYPOINT ["tini", "-g", "--", "start.sh"]
CMD ["jupyter", "lab"]

FROM notebook AS gpu
# Of PyTorch DJL needs the libraries alone, in the order of folders in which they find each other.
COPY --from=pytorch /opt/pytorch/torch/version.py /opt/pytorch/torch/
COPY --from=pytorch /opt/pytorch/torch/lib /opt/pytorch/torch/lib
COPY --from=pytorch /opt/pytorch/cusparselt /opt/pytorch/cusparselt
COPY --from=pytorch /opt/pytorch/nvidia /opt/pytorch/nvidia
ENV PYTORCH_LIBRARY_PATH=/opt/pytorch/torch/lib PYTORCH_VERSION=2.7.1 \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
RUN start.sh preload.sh

FROM notebook AS cpu
RUN start.sh preload.sh
