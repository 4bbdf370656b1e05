# statistics on exact data
import statistics as st
from decimal import Decimal
from fractions import Fraction

data = [2, 4, 4, 4, 5, 5, 7, 9]
print(st.mean(data), st.median(data), st.mode(data), st.pstdev(data), round(st.stdev(data), 6), st.variance([1, 2, 3, 4]))
print(st.median_low(data), st.median_high([1, 3, 5, 7]), st.multimode("aabbc"), st.quantiles([1, 2, 3, 4, 5, 6, 7], n=4))
print(st.fmean([1, 2, 4]), round(st.geometric_mean([1, 4, 16]), 9), st.harmonic_mean([40, 60]), st.fmean([1, 2], weights=[3, 1]))
print(st.mean([Fraction(1, 3), Fraction(1, 6)]), st.mean([Decimal("0.5"), Decimal("0.75")]), st.median([1.5, 2.5]))
x, y = [1, 2, 3, 4, 5], [2, 4, 6, 8, 11]
print(round(st.correlation(x, y), 6), round(st.covariance(x, y), 6), tuple(round(v, 6) for v in st.linear_regression(x, y)))
n = st.NormalDist(100, 15)
print(round(n.cdf(130), 4), round(n.inv_cdf(0.9), 3), (n + 5).mean, round(n.zscore(85), 2), st.NormalDist.from_samples([1, 2, 3]).mean)
for values in ([], [1]):
    try:
        st.stdev(values)
    except st.StatisticsError:
        print("too little data", values)
