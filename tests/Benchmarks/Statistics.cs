namespace KmsActors.Benchmarks;

internal static class Statistics
{
    /// <summary>The middle one; of an even number, the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values) => Percentile([.. values], 0.5);

    /// <summary>The value below which a share of all lies.</summary>
    public static double Percentile(double[] values, double share)
    {
        if (values.Length == 0) return double.NaN;
        Array.Sort(values);
        var place = share * (values.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, values.Length - 1);
        return values[below] + ((values[above] - values[below]) * (place - below));
    }
}
