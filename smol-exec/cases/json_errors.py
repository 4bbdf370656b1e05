# JSONDecodeError carries position; common broken inputs
import json

broken = ['{"a": 1', "{'a': 1}", "[1 2]", "", "nul", '{"a" 1}', '"open', "[1]]", "01", '{"a":\n\n tru}']
for text in broken:
    try:
        print(json.loads(text))
    except json.JSONDecodeError as err:
        print(f"{text!r:14} line {err.lineno} column {err.colno} char {err.pos} ({err.msg.split()[0]})")


def first_json(text):
    decoder = json.JSONDecoder()
    for i, ch in enumerate(text):
        if ch in "{[":
            try:
                return decoder.raw_decode(text, i)[0]
            except ValueError:
                continue


print(first_json('Sure [sic! Here it is: {"answer": [42]} hope it helps'))
print(issubclass(json.JSONDecodeError, ValueError), first_json("none"))
