# grades with weights, letter marks, ranking with ties and a histogram
from bisect import bisect
from statistics import mean, median, pstdev

WEIGHTS = {"hw": 0.25, "mid": 0.25, "final": 0.5}
students = {
    "Ada": {"hw": 96, "mid": 88, "final": 94},
    "Ben": {"hw": 70, "mid": 64, "final": 72},
    "Cleo": {"hw": 88, "mid": 92, "final": 90},
    "Dov": {"hw": 40, "mid": 58, "final": 51},
    "Eve": {"hw": 80, "mid": 100, "final": 90},
}


def total(marks):
    return sum(WEIGHTS[k] * v for k, v in marks.items())


def letter(score):
    return "FDCBA"[bisect([60, 70, 80, 90], score)]


totals = {name: total(marks) for name, marks in students.items()}
ranked = sorted(totals, key=lambda n: (-totals[n], n))
place, last = 0, None
for i, name in enumerate(ranked, 1):
    if totals[name] != last:
        place, last = i, totals[name]
    print(f"{place}. {name:<5}{totals[name]:7.2f} {letter(totals[name])}")
for part in WEIGHTS:
    marks = [s[part] for s in students.values()]
    print(f"{part:<6}mean {mean(marks):.1f} median {median(marks)} sd {pstdev(marks):.2f} best {max(students, key=lambda n: students[n][part])}")
for low in range(50, 100, 10):
    names = [n for n in totals if low <= totals[n] < low + 10]
    print(f"{low}-{low + 9} {'*' * len(names):<4}{','.join(names)}")
