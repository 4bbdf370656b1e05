# moving averages, extremes, streaks and a text plot
readings = [("Mon", 12.0), ("Tue", 15.5), ("Wed", 11.0), ("Thu", 18.5), ("Fri", 21.0), ("Sat", 20.0), ("Sun", 9.5)]
temps = [t for _, t in readings]
average = sum(temps) / len(temps)
print(f"average {average:.2f}, range {min(temps)}..{max(temps)}, warmest {max(readings, key=lambda r: r[1])[0]}")
window = 3
moving = [sum(temps[i:i + window]) / window for i in range(len(temps) - window + 1)]
print([round(m, 2) for m in moving])
print([f"{b - a:+.1f}" for a, b in zip(temps, temps[1:])])
run = best = 1
for a, b in zip(temps, temps[1:]):
    run = run + 1 if b > a else 1
    best = max(best, run)
print("longest rise", best)
for day, t in readings:
    bar = "#" * round(t)
    print(f"{day} {t:5.1f}C {t * 9 / 5 + 32:5.1f}F |{bar:<22}| {'above' if t > average else 'below'}")
ordered = sorted(temps)
middle = len(ordered) // 2
print("median", ordered[middle], "above average", sum(t > average for t in temps), "scaled", [round((t - min(temps)) / (max(temps) - min(temps)), 2) for t in temps])
