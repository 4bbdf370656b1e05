"""The original loads and runs what this crate wrote: `python load_ours.py FOLDER`."""

import sys

from smolagents import CodeAgent, Tool, ToolCallingAgent, ToolCollection, load_tool
from smolagents.models import ChatMessage, Model

folder = sys.argv[1]


class Scripted(Model):
    """Gives these replies, and keeps what it was shown."""

    def __init__(self, *replies):
        super().__init__(model_id="scripted")
        self.replies, self.shown = list(replies), []

    def generate(self, messages, **kwargs):
        self.shown.append(messages)
        return ChatMessage(role="assistant", content=self.replies.pop(0))


def text(messages):
    return "\n".join(part["text"] for message in messages for part in message.content if part["type"] == "text")


plan = "1. Convert. <end_plan>"
answer = "Thought: I convert.\n<code>\nfinal_answer([celsius(212), shout('done')])\n</code>"
for place, load in [("folder", CodeAgent.from_folder), ("hub", lambda _, **kwargs: CodeAgent.from_hub("me/ours-desk", trust_remote_code=True, **kwargs))]:
    model = Scripted(plan, answer)
    desk = load(f"{folder}/desk", model=model, verbosity_level=0)
    assert desk.name == "desk" and desk.max_steps == 5 and desk.planning_interval == 2, place
    assert set(desk.tools) == {"celsius", "shout", "web_search", "final_answer"}, desk.tools
    assert type(desk.tools["web_search"]).__name__ == "WebSearchTool"
    assert desk.run("How warm is 212 F?") == [100.0, "DONE!"], place
    prompt = text(model.shown[1][:1])
    assert "celsius(" in prompt and "<code>" in prompt and "scribe" in prompt, prompt
    assert "Be brief: {{ always }}." in prompt, prompt
    scribe = desk.managed_agents["scribe"]
    assert isinstance(scribe, ToolCallingAgent) and set(scribe.tools) == {"word_count", "final_answer"}
    assert scribe.tools["word_count"](text="a b b", unique=True) == {"words": 2, "asked": 1}

code = open(f"{folder}/shout/tool.py").read()
assert Tool.from_code(code)(text="hey") == "HEY!"
assert load_tool("me/ours-shout", trust_remote_code=True)(text="hey") == "HEY!"
print("the original runs what this crate wrote")
