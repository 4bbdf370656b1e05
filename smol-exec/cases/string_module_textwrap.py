# textwrap, string constants, capwords, dedent and indent
import string
import textwrap

text = "The quick brown fox, having jumped over the lazy dog, went home for a well-deserved extraordinarily-long nap."
print(textwrap.fill(text, 30))
print(textwrap.wrap(text, 40, initial_indent="* ", subsequent_indent="  ", max_lines=2, placeholder=" [..]"))
print(textwrap.shorten(text, 25), "|", textwrap.shorten("a  b\n c", 20))
block = """
    def f():
        return 1

    f()
"""
print(textwrap.dedent(block).strip())
print(textwrap.indent("a\n\nb", "> "))
print(textwrap.indent("x\ny", "# ", lambda line: "y" in line))
print(string.capwords("hello  big-world"), string.ascii_lowercase[:5], string.digits, string.hexdigits, len(string.punctuation))
print(textwrap.wrap("abcdefghij", 4), textwrap.wrap("abcdefghij", 4, break_long_words=False), textwrap.wrap("", 5))
