"""The original shares a tool and an agent: `python push.py FOLDER`, where `definitions.py` saved them."""

from definitions import WordCountTool, agent, celsius

celsius.push_to_hub("me/celsius")
WordCountTool().push_to_hub("me/word-count", private=True)
agent().push_to_hub("me/weather-desk")
print("the original shared two tools and an agent")
