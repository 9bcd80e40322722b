"""Drives one Java kernel for the JUnit harness: a JSON request a line on standard input, a JSON answer a line back.

Request: {"code": "...", "interruptOn": "regex or null", "interruptAfter": seconds}
Answer:  {"status": "ok" or "error", "seconds": ..., "outputs": [nbformat outputs, and display updates in order]}
The interrupt, as by Jupyter's stop button, is sent `interruptAfter` seconds after an output matched `interruptOn`.
"""
import json
import re
import sys
import threading
import time

from jupyter_client.manager import start_new_kernel


def main():
    manager, client = start_new_kernel(kernel_name="java", startup_timeout=120)
    print(json.dumps({"status": "ready"}), flush=True)
    try:
        for line in sys.stdin:
            print(json.dumps(execute(manager, client, json.loads(line))), flush=True)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


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
    reply = client.execute_interactive(request["code"], output_hook=on_output, timeout=900, stop_on_error=True)
    return {"status": reply["content"]["status"], "seconds": time.monotonic() - started, "outputs": outputs}


if __name__ == "__main__":
    main()
