"""Stands between a Jupyter that talks over ipc, as Google Colab's does, and a kernel that knows tcp alone, as Java's do.

    ipc_proxy.py CONNECTION_FILE FOLDER COMMAND...

Starts COMMAND, which has CONNECTION_FILE among its arguments, in FOLDER, with a connection file of its own in its place, and
passes on what the two say, until it ends. tools/install_ipc_kernel.py installs a kernel that starts like this.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import zmq
from jupyter_client.connect import write_connection_file

# The kind of socket on Jupyter's side, and on the kernel's.
CHANNELS = {
    "shell": (zmq.ROUTER, zmq.DEALER),
    "control": (zmq.ROUTER, zmq.DEALER),
    "stdin": (zmq.ROUTER, zmq.DEALER),
    "hb": (zmq.ROUTER, zmq.DEALER),
    "iopub": (zmq.PUB, zmq.SUB),
}
SECONDS_FOR_THE_LAST_WORDS = 0.5


def address(connection, channel):
    separator = "-" if connection["transport"] == "ipc" else ":"
    return f"{connection['transport']}://{connection['ip']}{separator}{connection[channel + '_port']}"


def pass_on(channel, jupyter, kernel):
    """In a thread of its own, whatever comes from either side."""
    context = zmq.Context.instance()
    front, back = (context.socket(kind) for kind in CHANNELS[channel])
    for socket in (front, back):
        socket.set_hwm(0)  # else output that comes faster than Jupyter takes it would be dropped
    if channel == "iopub":
        back.subscribe(b"")
    elif channel != "hb":
        # Asked on one channel, the kernel asks back on another: it must know who that is.
        back.identity = b"jupyter"
    front.bind(address(jupyter, channel))
    back.connect(address(kernel, channel))
    threading.Thread(target=zmq.proxy, args=(front, back), daemon=True).start()


def main(connection_file, folder, *command):
    jupyter = json.loads(Path(connection_file).read_text())
    with tempfile.TemporaryDirectory() as temp:
        unchanged = {name: value for name, value in jupyter.items() if not name.endswith("_port")}
        own_file, kernel = write_connection_file(
            os.path.join(temp, "kernel.json"),
            **{**unchanged, "transport": "tcp", "ip": "127.0.0.1", "key": jupyter["key"].encode()})
        process = subprocess.Popen([own_file if argument == connection_file else argument for argument in command], cwd=folder)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        signal.signal(signal.SIGINT, lambda *_: None)  # as from Ctrl+C, which the kernel gets too
        for channel in CHANNELS:
            pass_on(channel, jupyter, kernel)
        status = process.wait()
        time.sleep(SECONDS_FOR_THE_LAST_WORDS)
    sys.stdout.flush()
    os._exit(status & 0xFF)  # the threads wait for ever


if __name__ == "__main__":
    main(*sys.argv[1:])
