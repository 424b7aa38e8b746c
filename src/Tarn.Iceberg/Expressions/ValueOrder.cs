using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Expressions;

/// <summary>
/// Order that predicates and bounds are compared with: that of <see cref="LiteralValue.Compare"/>, but -0.0 equals 0.0, as in SQL
/// and IEEE 754. NaN never comes here.
/// </summary>
internal static class ValueOrder
{
    public static int Compare(object left, object right) => (left, right) switch
    {
        (long a, long b) => a.CompareTo(b),
        (int a, int b) => a.CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        (float a, float b) => a.CompareTo(b),
        _ => LiteralValue.Compare(left, right),
    };

    /// <summary>Ascending and without repetition.</summary>
    public static object[] Distinct(IEnumerable<object> values)
    {
        object[] sorted = [.. values];
        Array.Sort(sorted, Compare);
        int count = 0;
        foreach (object value in sorted)
        {
            if (count == 0 || Compare(sorted[count - 1], value) != 0)
                sorted[count++] = value;
        }

        return sorted[..count];
    }

    /// <summary>Index of a value in ascending values, or the complement of where it belongs.</summary>
    public static int IndexOf(ReadOnlySpan<object> ascending, object value)
    {
        int low = 0, high = ascending.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Compare(ascending[middle], value);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }

    /// <summary>True when some of the ascending values lies between two bounds, both included; null is no bound.</summary>
    public static bool AnyBetween(ReadOnlySpan<object> ascending, object? lower, object? upper)
    {
        int first = lower is null ? 0 : IndexOf(ascending, lower);
        if (first < 0)
            first = ~first;
        return first < ascending.Length && (upper is null || Compare(ascending[first], upper) <= 0);
    }
}
