using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Engine.Types;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Writing;

/// <summary>Collects the metrics of one data file from what the engine reports after writing it.</summary>
internal sealed class ColumnMetrics(MetricsSettings settings)
{
    private readonly Dictionary<int, long> sizes = [], valueCounts = [], nullCounts = [], nanCounts = [];
    private readonly Dictionary<int, byte[]> lower = [], upper = [];

    /// <summary>Leaves that hold NaN, by id and the expression that reads them: their number is still to be counted.</summary>
    public List<(int FieldId, string Sql)> NaNColumns { get; } = [];

    /// <summary>Takes in the report.</summary>
    /// <param name="schema">Schema of the file.</param>
    /// <param name="names">Names under which the columns were written.</param>
    /// <param name="report">Column statistics by quoted path.</param>
    /// <exception cref="TarnException">InvalidRequest when the file holds what the schema does not allow; whether metrics are kept does not matter.</exception>
    public void Add(Schema schema, IReadOnlyList<string> names, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> report)
    {
        foreach (var (i, field) in schema.Fields.Index())
        {
            string path = EngineSql.Identifier(names[i]);
            if (field.Required && report.TryGetValue(path, out var statistics))
                RefuseNulls(field, statistics);
            AddField(field, path, field.Name, false, report);
        }
    }

    /// <summary>The number of NaN values of a leaf.</summary>
    public void SetNaNCount(int fieldId, long count) => nanCounts[fieldId] = count;

    /// <summary>The file with these metrics.</summary>
    public DataFile Apply(DataFile file) => file with
    {
        ColumnSizes = sizes,
        ValueCounts = valueCounts,
        NullValueCounts = nullCounts,
        NanValueCounts = nanCounts,
        LowerBounds = lower,
        UpperBounds = upper,
    };

    private void AddField(NestedField field, string path, string name, bool repeated, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> report)
    {
        switch (field.Type)
        {
            case StructType s:
                foreach (var child in s.Fields)
                    AddField(child, $"{path}.{EngineSql.Identifier(child.Name)}", $"{name}.{child.Name}", repeated, report);
                break;
            case ListType l:
                AddField(l.Element, $"{path}.\"element\"", $"{name}.element", true, report);
                break;
            case MapType m:
                AddField(m.Key, $"{path}.\"key\"", $"{name}.key", true, report);
                AddField(m.Value, $"{path}.\"value\"", $"{name}.value", true, report);
                break;
            default:
                if (report.TryGetValue(path, out var statistics))
                    AddLeaf(field, path, name, repeated, statistics);
                break;
        }
    }

    private void AddLeaf(NestedField field, string path, string name, bool repeated, IReadOnlyDictionary<string, string> statistics)
    {
        RefuseForeign(field.Type, name, statistics);
        if (!settings.HasCounts(name))
            return;
        sizes[field.Id] = Number(statistics, "column_size_bytes");
        valueCounts[field.Id] = Number(statistics, "num_values");
        nullCounts[field.Id] = Number(statistics, "null_count");
        if (statistics.TryGetValue("has_nan", out string? hasNaN) && !repeated)
            AddNaN(field, path, hasNaN == "true");
        if (settings.HasBounds(name) && !repeated)
            AddBounds(field, name, statistics);
    }

    // Inside of structs, lists and maps a null may be that of a value around it: RefusedValues tells them apart.
    private static void RefuseNulls(NestedField column, IReadOnlyDictionary<string, string> statistics)
    {
        if (Number(statistics, "null_count") is > 0 and var nulls)
            throw TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"Column '{column.Name}' is NOT NULL, but at least {nulls} of the rows have no value for it. Nothing was written. Filter them out or give a value, e.g. coalesce({column.Name}, …)."));
    }

    // Values of the engine that Iceberg's types do not have: days without end, and the 24:00 with which a day ends.
    private static void RefuseForeign(IcebergType type, string name, IReadOnlyDictionary<string, string> statistics)
    {
        if (type.Id is not (TypeId.Date or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs))
            return;
        string? foreign = new[] { statistics.GetValueOrDefault("min"), statistics.GetValueOrDefault("max") }.FirstOrDefault(v => v is "infinity" or "-infinity" or "24:00:00");
        if (foreign is not null)
            throw TarnException.Invalid($"Column '{name}' of type {type} cannot hold '{foreign}': {EngineValue.Limit(type)}. Nothing was written. Give NULL or another value.");
    }

    private void AddNaN(NestedField field, string path, bool hasNaN)
    {
        if (hasNaN)
            NaNColumns.Add((field.Id, path));
        else
            nanCounts[field.Id] = 0;
    }

    private void AddBounds(NestedField field, string name, IReadOnlyDictionary<string, string> statistics)
    {
        if (!statistics.TryGetValue("min", out string? min) || !statistics.TryGetValue("max", out string? max))
            return;
        if (Parse(field.Type, min) is not { } low || Parse(field.Type, max) is not { } high)
            return;
        int? length = settings.TruncateLength(name);
        if (length is { } limit)
            low = BoundTruncation.Lower(field.Type, low, limit);
        lower[field.Id] = BinarySingleValue.Serialize(field.Type, NegativeZero(low));
        if ((length is { } cut ? BoundTruncation.Upper(field.Type, high, cut) : high) is { } bound)
            upper[field.Id] = BinarySingleValue.Serialize(field.Type, PositiveZero(bound));
    }

    // The engine holds both zeros for equal and reports either; the specification orders -0.0 before +0.0.
    private static object NegativeZero(object value) => value switch { 0.0 => -0.0, 0.0f => -0.0f, _ => value };

    private static object PositiveZero(object value) => value switch { 0.0 => 0.0, 0.0f => 0.0f, _ => value };

    /// <summary>The value of the engine's text; null when the text does not give it exactly, which only costs a bound.</summary>
    internal static object? Parse(IcebergType type, string text) => type.Id switch
    {
        TypeId.Boolean => text is "1" or "true",
        TypeId.Int => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i) ? i : null,
        TypeId.Long => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) ? l : null,
        TypeId.Float => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float f) && float.IsFinite(f) ? f : null,
        TypeId.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d) && double.IsFinite(d) ? d : null,
        TypeId.Decimal => Decimal38.TryParse(text, out var m) && m.TryRescale(((DecimalType)type).Scale, out m) ? m : null,
        TypeId.Date => IsoText.TryParseDate(text, out int days) ? days : null,
        TypeId.Time => IsoText.TryParseTime(text, out long nanos) ? nanos / 1000 : null,
        TypeId.Timestamp or TypeId.TimestampTz => Timestamp(text, 1000),
        TypeId.TimestampNs or TypeId.TimestampTzNs => Timestamp(text, 1),
        // The engine writes bytes that do not print as \xHH: such text is ambiguous.
        TypeId.String => text.Contains('\\') ? null : text,
        TypeId.Uuid => Guid.TryParse(text, out var uuid) ? uuid : null,
        TypeId.Binary or TypeId.Fixed => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null,
        _ => null,
    };

    private static object? Timestamp(string text, long nanosPerUnit)
    {
        string iso = text.Replace(' ', 'T');
        bool zoned = iso.EndsWith("+00", StringComparison.Ordinal);
        if (zoned)
            iso = iso[..^3];
        if (!IsoText.TryParseTimestamp(iso, false, out int days, out long nanos))
            return null;
        return (days * (IsoText.NanosPerDay / nanosPerUnit)) + (nanos / nanosPerUnit);
    }

    private static long Number(IReadOnlyDictionary<string, string> statistics, string name) =>
        statistics.TryGetValue(name, out string? text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
}
