#!/usr/bin/env bash
# Guess: a BufferedImage that a cell displays arrives as a whole PNG file, as ImageIO writes it.
# What happens: its last one or two bytes are missing unless the file's length is a multiple of three: the kernel encodes it in
#   base64 by a stream that it does not close. Browsers show it all the same; ImageMagick refuses it, as do others that look at
#   the checksum of its last chunk.
# JJava 1.0a8 (its class Image, from the kernel's base that IJava has, too).
#   https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Base64.Encoder.html#wrap(java.io.OutputStream)
. "$(dirname "$0")/lib/packages.sh"
python_packages jjava==1.0a8 jupyter_client==8.6.3

cat > "$work/pictures.py" << 'PYTHON'
import base64
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="java", startup_timeout=60, stderr=open("kernel.log", "w"))
kept = []
try:
    for width in (30, 40, 50, 60, 70, 80):
        got = {}

        def show(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                got["written"] = int(content["text"])
            if "image/png" in content.get("data", {}):
                got["png"] = content["data"]["image/png"]

        client.execute_interactive(f"""{{
            var picture = new java.awt.image.BufferedImage({width}, 20, java.awt.image.BufferedImage.TYPE_INT_RGB);
            for (int x = 0; x < {width}; x++) {{ picture.setRGB(x, x % 20, x * 12345); }}
            var file = new java.io.ByteArrayOutputStream();
            javax.imageio.ImageIO.write(picture, "png", file);
            display(picture, "image/png");
            System.out.println(file.size());
        }}""", timeout=60, output_hook=show)
        arrived = base64.b64decode(got["png"] + "==")
        print(f"{width} x 20 pixels: ImageIO writes {got['written']} bytes, {len(arrived)} arrive")
        kept.append((got["written"], len(arrived)))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
assert all(arrived == written - written % 3 for written, arrived in kept), kept
assert any(written % 3 for written, _ in kept), kept
PYTHON
(cd "$work" && JUPYTER_PATH=$work/venv/share/jupyter JUPYTER_RUNTIME_DIR=$work "$work/venv/bin/python" pictures.py)
