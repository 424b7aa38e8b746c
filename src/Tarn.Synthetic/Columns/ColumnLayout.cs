namespace Tarn.Synthetic.Columns;

/// <summary>How the values of a SQL type stand in a column.</summary>
/// <param name="Storage">What they are.</param>
/// <param name="ArrowFormat">The same as a <see href="https://arrow.apache.org/docs/format/CDataInterface.html#data-type-description-format-strings">format string</see> of Apache Arrow.</param>
internal readonly record struct ColumnLayout(ColumnStorage Storage, string ArrowFormat)
{
    private const string Decimal = "DECIMAL(";

    public static ColumnLayout Of(string sqlType) => sqlType switch
    {
        "VARCHAR" => new(ColumnStorage.Text, "u"),
        "INTEGER" => new(ColumnStorage.Int32, "i"),
        "BIGINT" => new(ColumnStorage.Int64, "l"),
        "DATE" => new(ColumnStorage.Day, "tdD"),
        "TIMESTAMP WITH TIME ZONE" => new(ColumnStorage.Instant, "tsu:UTC"),
        "DOUBLE" => new(ColumnStorage.Double, "g"),
        _ when sqlType.StartsWith(Decimal, StringComparison.Ordinal) => new(ColumnStorage.Decimal, $"d:{sqlType[Decimal.Length..^1]}"),
        _ => throw new ArgumentException($"No column stores {sqlType}.", nameof(sqlType)),
    };
}

/// <summary>What the values of a column are.</summary>
internal enum ColumnStorage
{
    Text,
    Int32,
    Int64,
    Day,
    Instant,
    Double,
    Decimal,
}
