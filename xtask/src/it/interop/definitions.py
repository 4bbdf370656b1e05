"""An agent and its tools, as a user of the original would write them. `python definitions.py FOLDER` saves them there."""

import sys
from typing import Optional

from smolagents import CodeAgent, InferenceClientModel, OpenAIModel, Tool, ToolCallingAgent, tool

PROMPTS = {
    "system_prompt": "Answer by code.\n{%- for tool in tools.values() %}\n{{ tool.to_code_prompt() }}\n{%- endfor %}",
    "planning": {
        "initial_plan": "Plan: {{task}}",
        "update_plan_pre_messages": "So far: {{task}}",
        "update_plan_post_messages": "Plan again: {{task}} ({{remaining_steps}} left)",
    },
    "managed_agent": {"task": "{{name}}, do this: {{task}}", "report": "{{name}} says: {{final_answer}}"},
    "final_answer": {"pre_messages": "Steps are used up.", "post_messages": "Answer now: {{task}}"},
}


@tool
def celsius(fahrenheit: float, digits: int = 1) -> float:
    """Turns a temperature from Fahrenheit into Celsius.

    Args:
        fahrenheit: The temperature in degrees Fahrenheit.
        digits: How many digits to keep
            after the point.
    """
    return round((fahrenheit - 32) * 5 / 9, digits)


class WordCountTool(Tool):
    name = "word_count"
    description = "Counts the words of a text.\nIt remembers how often it was asked."
    inputs = {
        "text": {"type": "string", "description": "The text to count in."},
        "unique": {"type": "boolean", "description": "Count each word once.", "nullable": True},
    }
    output_type = "object"
    output_schema = {"type": "object", "properties": {"words": {"type": "integer"}, "asked": {"type": "integer"}}}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.asked = 0

    def setup(self):
        self.pattern = r"\s+"
        self.is_initialized = True

    def forward(self, text, unique: Optional[bool] = None):
        import re

        self.asked += 1
        words = re.split(self.pattern, text.strip())
        if unique:
            words = set(words)
        return {"words": len(words), "asked": self.asked}


def agent(**more):
    scribe = ToolCallingAgent(
        tools=[WordCountTool()],
        model=OpenAIModel("gpt-4o-mini", api_base="http://127.0.0.1:1/v1", api_key="sk-not-to-be-saved"),
        name="scribe",
        description="Counts words.",
        max_steps=3,
        prompt_templates=PROMPTS,
    )
    return CodeAgent(
        tools=[celsius],
        model=InferenceClientModel("Qwen/Qwen2.5-Coder-32B-Instruct", token="hf_not_to_be_saved", temperature=0.2),
        managed_agents=[scribe],
        name="weather_desk",
        description="Answers questions on temperatures.",
        additional_authorized_imports=["json"],
        max_steps=7,
        planning_interval=3,
        prompt_templates=PROMPTS,
        **more,
    )


if __name__ == "__main__":
    folder = sys.argv[1]
    agent().save(f"{folder}/weather_desk")
    celsius.save(f"{folder}/celsius")
    WordCountTool().save(f"{folder}/word_count")
