using System.Text;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Sql;

/// <summary>Writes names and literals as standard SQL, safe for any content.</summary>
public static class SqlPrinter
{
    /// <summary>The name in double quotes, inner quotes doubled.</summary>
    public static string QuoteIdentifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A schema as lists show it: its levels joined by dots, and one that has a dot or a quote itself in quotes.</summary>
    public static string Schema(Namespace schema) =>
        string.Join('.', schema.Levels.Select(l => l.AsSpan().IndexOfAny('.', '"') < 0 ? l : QuoteIdentifier(l)));

    /// <summary>The name bare when it is lower case, plain and not reserved; in double quotes otherwise.</summary>
    public static string Identifier(string name) =>
        IsPlain(name) && !SqlKeywords.IsReserved(name) ? name : QuoteIdentifier(name);

    /// <summary>A dotted name, every part in double quotes.</summary>
    public static string QuoteName(params IEnumerable<string> parts) => string.Join('.', parts.Select(QuoteIdentifier));

    /// <summary>The text as a string literal in single quotes, inner quotes doubled.</summary>
    public static string QuoteLiteral(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The bytes as a blob literal that DuckDB reads: <c>'\xAB'::BLOB</c>.</summary>
    public static string QuoteBlob(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("'", (bytes.Length * 4) + 8);
        foreach (var value in bytes)
        {
            text.Append("\\x").Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.Append("'::BLOB").ToString();
    }

    private static bool IsPlain(string name) =>
        name.Length > 0 && (char.IsAsciiLetterLower(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
