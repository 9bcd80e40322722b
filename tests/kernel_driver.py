"""Drives one Java kernel for the JUnit harness: a JSON request a line on standard input, a JSON answer a line back.

Request: {"code": "...", "timeout": seconds, "interruptOn": "regex or null", "interruptAfter": seconds}
Answer:  {"status": "ok" or "error", "seconds": ..., "outputs": [nbformat outputs, and display updates in order]}
The interrupt, as by Jupyter's stop button, is sent `interruptAfter` seconds after an output matched `interruptOn`, or when
{"interrupt": true} comes in while the cell runs. The kernel ends when standard input does, even in the middle of a cell; and this program ends when the kernel dies.
KERNEL_TRANSPORT=ipc has it talk to the kernel as Google Colab does, else over tcp.
"""
import json
import os
import queue
import re
import signal
import sys
import tempfile
import threading
import time

from jupyter_client.manager import KernelManager


def main():
    manager = KernelManager(kernel_name="java", transport=os.environ.get("KERNEL_TRANSPORT", "tcp"))
    if manager.transport == "ipc":
        manager.ip = os.path.join(tempfile.mkdtemp(), "kernel")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=float(sys.argv[1]))
    requests = queue.Queue()
    for watch in (listen, mourn):
        threading.Thread(target=watch, args=(manager, requests), daemon=True).start()
    print(json.dumps({"status": "ready"}), flush=True)
    while True:
        print(json.dumps(execute(manager, client, requests.get())), flush=True)


def listen(manager, requests):
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("interrupt"):
            manager.interrupt_kernel()
        else:
            requests.put(request)
    os.killpg(manager.provisioner.pgid, signal.SIGKILL)
    manager.cleanup_connection_file()
    os._exit(0)


def mourn(manager, requests):
    """A kernel that died, as for want of memory, gives no answer to wait for."""
    while manager.provisioner.process.poll() is None:
        time.sleep(0.5)
    print(json.dumps({"status": "error", "outputs": [
        {"output_type": "error", "ename": "DeadKernelError", "evalue": "the kernel died", "traceback": []}]}), flush=True)
    os._exit(1)


def execute(manager, client, request):
    outputs, pending = [], request.get("interruptOn")

    def on_output(message):
        nonlocal pending
        kind, content = message["msg_type"], message["content"]
        if kind in ("stream", "display_data", "execute_result", "update_display_data", "error"):
            outputs.append({"output_type": kind, **{k: content[k] for k in content if k != "transient"}})
            if pending and re.search(pending, json.dumps(content, ensure_ascii=False)):
                pending = None
                threading.Timer(request.get("interruptAfter", 0), manager.interrupt_kernel).start()

    started = time.monotonic()
    try:
        reply = client.execute_interactive(request["code"], output_hook=on_output, timeout=request["timeout"], stop_on_error=True)
        status = reply["content"]["status"]
    except TimeoutError:
        status = "error"
        outputs.append({"output_type": "error", "ename": "TimeoutError", "evalue": f"not done after {request['timeout']:.0f} s", "traceback": []})
    return {"status": status, "seconds": time.monotonic() - started, "outputs": outputs}


if __name__ == "__main__":
    main()
