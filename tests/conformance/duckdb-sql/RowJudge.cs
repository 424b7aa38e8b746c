using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tarn.DuckDb.Types;

namespace Tarn.Conformance.DuckDbSql;

/// <summary>Compares rows with what a file says, as the suite's own runner does.</summary>
internal static partial class RowJudge
{
    // The suite's own tolerance of numbers with a fraction.
    private const double RelativeError = 0.01, AbsoluteError = 1e-8;

    /// <summary>Whether an answer is the one that a query expects.</summary>
    public static bool Fits(Answer answer, SuiteRecord record)
    {
        int width = answer.Columns.Count;
        var found = Sorted(answer.Rows, record.Sort);
        if (record.Expected is [var line] && Hash().Match(line) is { Success: true } hash)
        {
            string[] all = [.. found.SelectMany(r => r)];
            string digest = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Concat(all.Select(v => v + "\n")))));
            return int.Parse(hash.Groups[1].ValueSpan, CultureInfo.InvariantCulture) == all.Length && digest == hash.Groups[2].Value;
        }

        if (width == 0)
            return record.Expected.Count == 0;
        bool byRow = width > 1 && (record.Expected.Count == found.Count || record.Expected.All(l => l.Contains('\t')));
        var cells = byRow ? [.. record.Expected.Select(l => l.Split('\t'))] : record.Expected.Chunk(width).ToList();
        if (cells.Count != found.Count || cells.Exists(r => r.Length != width))
            return false;
        var wanted = Sorted(cells, record.Sort);
        return found.Zip(wanted).All(p => Enumerable.Range(0, width).All(i => IsSame(p.First[i], p.Second[i], answer.Columns[record.Sort == "valuesort" ? 0 : i].Id)));
    }

    /// <summary>Whether two answers have the same values, in any order where the query says none.</summary>
    public static bool IsSame(Answer one, Answer other, string sql)
    {
        if (one.Columns.Count != other.Columns.Count || one.Rows.Count != other.Rows.Count)
            return false;
        string sort = sql.Contains("order by", StringComparison.OrdinalIgnoreCase) ? "nosort" : "rowsort";
        return Zip(sort) || (sort == "nosort" && Zip("rowsort"));
        bool Zip(string order) => Sorted(one.Rows, order).Zip(Sorted(other.Rows, order)).All(p => p.First.Index().All(c => IsSame(c.Item, p.Second[c.Index], one.Columns[c.Index].Id)));
    }

    private static IReadOnlyList<string[]> Sorted(IReadOnlyList<string[]> rows, string sort) => sort switch
    {
        "rowsort" or "sort" => [.. rows.OrderBy(r => string.Join('\u001f', r), StringComparer.Ordinal)],
        "valuesort" => [.. rows.SelectMany(r => r).Order(StringComparer.Ordinal).Chunk(rows.Count > 0 ? rows[0].Length : 1)],
        _ => rows,
    };

    private static bool IsSame(string found, string wanted, DuckDbTypeId type)
    {
        if (found == wanted)
            return true;
        if (wanted.StartsWith("<REGEX>:", StringComparison.Ordinal))
            return Regex.IsMatch(found, $"^(?:{wanted[8..]})$", RegexOptions.Singleline);
        if (wanted.StartsWith("<!REGEX>:", StringComparison.Ordinal))
            return !Regex.IsMatch(found, $"^(?:{wanted[9..]})$", RegexOptions.Singleline);
        if (type == DuckDbTypeId.Boolean)
            return found == wanted switch { "1" => "true", "0" => "false", _ => wanted.ToLowerInvariant() };
        if (type is not (DuckDbTypeId.Float or DuckDbTypeId.Double or DuckDbTypeId.Decimal) || !TryNumber(found, out double a) || !TryNumber(wanted, out double b))
            return false;
        if (type == DuckDbTypeId.Decimal)
            return decimal.TryParse(found, CultureInfo.InvariantCulture, out var x) && decimal.TryParse(wanted, CultureInfo.InvariantCulture, out var y) ? x == y : a == b;
        return a.Equals(b) || Math.Abs(a - b) <= (Math.Abs(b) * RelativeError) + AbsoluteError;
    }

    private static bool TryNumber(string text, out double number) => double.TryParse(
        text.ToLowerInvariant() switch { "inf" => "Infinity", "-inf" => "-Infinity", "nan" => "NaN", var other => other },
        NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex("^([0-9]+) values hashing to ([0-9a-f]{32})$")]
    private static partial Regex Hash();
}
