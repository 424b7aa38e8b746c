using System.Globalization;
using System.Text;
using Tarn.DuckDb.Types;

namespace Tarn.Testing.SqlFiles;

/// <summary>Values as the files write them: DuckDB's own text, so that both kinds of runner say the same.</summary>
public static class ResultText
{
    private const long MicrosPerSecond = 1_000_000;

    /// <summary>A value of a column; null for SQL NULL.</summary>
    public static string? Of(object? value, DuckDbType type) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        int days when type.Id == DuckDbTypeId.Date => Date(days),
        long time when type.Id == DuckDbTypeId.Time => Time(time, MicrosPerSecond, 6),
        long time when type.Id == DuckDbTypeId.TimeNs => Time(time, MicrosPerSecond * 1000, 9),
        float number => Real(number.ToString("R", CultureInfo.InvariantCulture)),
        double number => Real(number.ToString("R", CultureInfo.InvariantCulture)),
        byte[] bytes => Blob(bytes),
        object?[] items => $"[{string.Join(", ", items.Select(item => Of(item, type.Element) ?? "NULL"))}]",
        KeyValuePair<string, object?>[] fields => Struct(fields, type),
        KeyValuePair<object, object?>[] entries => Map(entries, type),
        DuckDbUnion union => Of(union.Value, type.Children.First(child => child.Name == union.Tag).Type),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string Struct(KeyValuePair<string, object?>[] fields, DuckDbType type) =>
        $"{{{string.Join(", ", fields.Select((field, i) => $"'{field.Key}': {Of(field.Value, type.Children[i].Type) ?? "NULL"}"))}}}";

    private static string Map(KeyValuePair<object, object?>[] entries, DuckDbType type) =>
        $"{{{string.Join(", ", entries.Select(entry => $"{Of(entry.Key, type.Children[0].Type)}={Of(entry.Value, type.Children[1].Type) ?? "NULL"}"))}}}";

    private static string Date(int days) => days switch
    {
        int.MaxValue => "infinity",
        -int.MaxValue => "-infinity",
        _ => DateOnly.FromDayNumber(days + new DateOnly(1970, 1, 1).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private static string Time(long value, long perSecond, int digits)
    {
        var (seconds, fraction) = Math.DivRem(value, perSecond);
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}");
        return fraction == 0 ? text : $"{text}.{fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0')}";
    }

    private static string Real(string text) => text switch
    {
        "NaN" => "nan",
        "Infinity" or "∞" => "inf",
        "-Infinity" or "-∞" => "-inf",
        _ => text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text,
    };

    private static string Blob(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
        {
            text.Append(value is >= 32 and < 127 and not ((byte)'\'' or (byte)'"' or (byte)'\\')
                ? ((char)value).ToString()
                : "\\x" + value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
