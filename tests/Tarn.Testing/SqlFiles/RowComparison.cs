using System.Globalization;
using System.Text;

namespace Tarn.Testing.SqlFiles;

/// <summary>Compares rows by the types of a query record.</summary>
internal static class RowComparison
{
    private const int MostRowsShown = 20;

    /// <summary>What is different, or null when nothing is.</summary>
    public static string? Difference(string types, SqlTestSort sort, IReadOnlyList<IReadOnlyList<string?>> expected, SqlRows actual)
    {
        if (actual.Columns.Count != types.Length)
        {
            return $"expected {types.Length} columns, found {actual.Columns.Count}: {string.Join(", ", actual.Columns)}";
        }

        var (left, right) = sort == SqlTestSort.Rows ? (Sorted(types, expected), Sorted(types, actual.Rows)) : (expected, actual.Rows);
        var same = left.Count == right.Count && left.Zip(right).All(pair => RowEquals(types, pair.First, pair.Second));
        return same ? null : Describe(types, left, right);
    }

    private static string Describe(string types, IReadOnlyList<IReadOnlyList<string?>> expected, IReadOnlyList<IReadOnlyList<string?>> actual)
    {
        var text = new StringBuilder($"expected {expected.Count} rows, found {actual.Count}");
        var shown = 0;
        for (var i = 0; i < Math.Max(expected.Count, actual.Count) && shown < MostRowsShown; i++)
        {
            var (left, right) = (expected.ElementAtOrDefault(i), actual.ElementAtOrDefault(i));
            if (left is null || right is null || !RowEquals(types, left, right))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  row {i + 1}: expected {Show(left)}\n  row {i + 1}:    found {Show(right)}");
                shown++;
            }
        }

        return text.ToString();
    }

    private static string Show(IReadOnlyList<string?>? row) =>
        row is null ? "nothing" : string.Join(" | ", row.Select(value => value switch { null => "NULL", "" => "(empty)", _ => value }));

    private static bool RowEquals(string types, IReadOnlyList<string?> expected, IReadOnlyList<string?> actual) =>
        types.Select((type, i) => ValueEquals(type, expected[i], actual[i])).All(same => same);

    private static bool ValueEquals(char type, string? expected, string? actual)
    {
        if (expected is null || actual is null || expected == actual)
        {
            return expected == actual;
        }

        return type switch
        {
            'I' => Int128.TryParse(expected, CultureInfo.InvariantCulture, out var a) && Int128.TryParse(actual, CultureInfo.InvariantCulture, out var b) && a == b,
            'R' => RealEquals(expected, actual),
            _ => false,
        };
    }

    // Equal when the actual number rounds to the digits that the file gives.
    private static bool RealEquals(string expected, string actual)
    {
        if (!TryReal(expected, out var a) || !TryReal(actual, out var b))
        {
            return false;
        }

        var point = expected.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 || expected.Contains('e', StringComparison.OrdinalIgnoreCase) ? 0 : expected.Length - point - 1;
        var tolerance = point < 0 ? 0 : 0.5 * Math.Pow(10, -decimals);
        return a.Equals(b) || Math.Abs(a - b) <= tolerance + (Math.Abs(a) * 1e-14);
    }

    private static bool TryReal(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static IReadOnlyList<IReadOnlyList<string?>> Sorted(string types, IReadOnlyList<IReadOnlyList<string?>> rows) =>
        [.. rows.Order(Comparer<IReadOnlyList<string?>>.Create((a, b) => CompareRows(types, a, b)))];

    private static int CompareRows(string types, IReadOnlyList<string?> a, IReadOnlyList<string?> b)
    {
        for (var i = 0; i < types.Length; i++)
        {
            var order = CompareValues(types[i], a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static int CompareValues(char type, string? a, string? b) =>
        type != 'T' && a is not null && b is not null && TryReal(a, out var x) && TryReal(b, out var y)
            ? x.CompareTo(y)
            : string.CompareOrdinal(a, b);
}
