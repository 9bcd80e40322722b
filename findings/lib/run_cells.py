"""Runs cells, separated by lines of dashes, in Jupyter's Java kernel and prints what Jupyter would show below each."""
import sys

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="java", startup_timeout=60, stderr=open("kernel.log", "w"))
try:
    for number, cell in enumerate(sys.stdin.read().split("\n----\n"), 1):
        shown = []

        def show(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                shown.append(content["text"])
            elif message["msg_type"] in ("execute_result", "display_data"):
                shown.append(content["data"].get("text/plain", ""))
            elif message["msg_type"] == "error":
                shown.append(content["ename"] + ": " + content["evalue"])

        client.execute_interactive(cell, timeout=60, output_hook=show)
        print(f"below cell {number}: {''.join(shown).strip()}")
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
