"""A Gradio app for the tests: prints its port, and ends when its input does."""

import os
import sys
import threading
import time

import gradio as gr


def greet(name, times=2, loud=False):
    if name == "nobody":
        raise gr.Error("nobody is there")
    text = " ".join(["hello " + name] * int(times))
    return text.upper() if loud else text


def flip(image):
    return image[::-1]


def measure(path):
    return os.path.getsize(path), path


def count(to):
    for number in range(int(to)):
        yield str(number)
        time.sleep(0.01)


with gr.Blocks() as app:
    name, times, loud = gr.Textbox(label="Who"), gr.Number(2, label="Times"), gr.Checkbox(False)
    text, state = gr.Textbox(), gr.State(5)
    gr.Button().click(greet, [name, times, loud], text, api_name="greet")
    gr.Button().click(lambda word, kept: (kept, word + str(kept)), [name, state], [state, text], api_name="remember")
    gr.Button().click(flip, gr.Image(), gr.Image(format="png"), api_name="flip")
    gr.Button().click(measure, gr.File(), [times, gr.File()], api_name="measure")
    gr.Button().click(count, times, text, api_name="count")
    gr.Button().click(lambda value: {"got": value}, gr.JSON(), gr.JSON(), api_name="echo")
    gr.Button().click(lambda: time.sleep(60), None, None, api_name="sleep")


def end_with_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
kwargs = {"auth": None, "quiet": True, "prevent_thread_lock": True, "server_name": "127.0.0.1"}
_, url, _ = app.queue().launch(**kwargs)
print(url.rstrip("/").rpartition(":")[2], flush=True)
app.block_thread()
