using System.Globalization;
using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Serialization.Variants;

namespace Tarn.Engine.Variants;

/// <summary>Puts variants together from the columns of a shredded group (Parquet's VariantShredding.md): what fits a column stands there, the rest is encoded.</summary>
/// <param name="group">The group.</param>
/// <param name="instants">Paths of columns that are instants although the engine takes them for local times.</param>
internal sealed class ShreddedGroup(DuckDbVector group, string instants)
{
    /// <summary>Stands between paths.</summary>
    public const char PathSeparator = '\u001e';

    /// <summary>Stands before each name in a path.</summary>
    public const char StepSeparator = '\u001f';

    private readonly HashSet<string> instants = [.. instants.Split(PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
    private readonly DuckDbVector metadata = Child(group, "metadata")
        ?? throw TarnException.Corrupted($"A column of variants is {group.Type}, without the field 'metadata'. Its data file is damaged.");

    /// <summary>Writes the variant of a row, which is not NULL.</summary>
    public void Write(Utf8JsonWriter writer, int row)
    {
        if (!metadata.IsValid(row))
            throw TarnException.Corrupted($"A variant in row {row} of a chunk has no metadata. Its data file is damaged.");
        // A missing value is the null of the variant ("Value Shredding").
        if (!TryWrite(writer, group, row, row, null, ""))
            writer.WriteNullValue();
    }

    /// <summary>Writes a value of which part may be shredded; false, with nothing written, when there is none.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="node">Group of <c>value</c> and <c>typed_value</c>.</param>
    /// <param name="index">Which value of the group.</param>
    /// <param name="row">Row of the metadata.</param>
    /// <param name="name">Name of the field to write before it, or null.</param>
    /// <param name="path">Path of the group.</param>
    private bool TryWrite(Utf8JsonWriter writer, DuckDbVector node, int index, int row, string? name, string path)
    {
        var (value, typed) = (Child(node, "value"), Child(node, "typed_value"));
        bool hasValue = value?.IsValid(index) == true, hasTyped = typed?.IsValid(index) == true;
        if (!hasValue && !hasTyped)
            return false;
        if (name is not null)
            writer.WritePropertyName(name);
        if (!hasTyped)
            WriteEncoded(writer, typed, value!.Bytes(index), row);
        else if (typed!.Type.Id == DuckDbTypeId.Struct)
            WriteObject(writer, typed, index, row, Below(path, "typed_value"), hasValue ? value!.Bytes(index) : default);
        else if (hasValue)
            throw TarnException.Corrupted("A variant is damaged: value and typed_value both hold it. Restore its data file.");
        else
            WriteTyped(writer, typed, index, row, Below(path, "typed_value"));
        return true;
    }

    // Paths are asked for where there are instants to find only.
    private string Below(string path, string name) => instants.Count == 0 ? "" : $"{path}{StepSeparator}{name}";

    private void WriteEncoded(Utf8JsonWriter writer, DuckDbVector? typed, ReadOnlySpan<byte> value, int row)
    {
        var names = new VariantMetadata(metadata.Bytes(row));
        if (typed?.Type.Id == DuckDbTypeId.Struct && VariantJson.IsObject(value))
            RefuseFieldsOfColumns(typed, VariantJson.Fields(names, value));
        VariantJson.Write(writer, names, value);
    }

    // "Objects": a field that is a column is never encoded beside it.
    private static void RefuseFieldsOfColumns(DuckDbVector typed, IReadOnlyList<(string Name, Range Value)> encoded)
    {
        foreach (var (name, _) in encoded)
        {
            if (Child(typed, name) is not null)
                throw TarnException.Corrupted($"A variant is damaged: field '{name}' is encoded although it is a column. Restore its data file.");
        }
    }

    private void WriteObject(Utf8JsonWriter writer, DuckDbVector typed, int index, int row, string path, ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty && !VariantJson.IsObject(rest))
            throw TarnException.Corrupted("A variant is damaged: it has fields in columns, but its value is no object. Restore its data file.");
        var names = new VariantMetadata(metadata.Bytes(row));
        var encoded = rest.IsEmpty ? [] : VariantJson.Fields(names, rest);
        RefuseFieldsOfColumns(typed, encoded);
        var fields = encoded.Select(f => (f.Name, Encoded: (Range?)f.Value, Column: -1)).Concat(typed.Type.Children.Select((c, i) => (c.Name, (Range?)null, i)));
        writer.WriteStartObject();
        foreach (var (name, range, column) in fields.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (range is { } place)
            {
                writer.WritePropertyName(name);
                VariantJson.Write(writer, names, rest[place]);
            }
            else
            {
                TryWrite(writer, typed.Child(column), index, row, name, Below(path, name));
            }
        }

        writer.WriteEndObject();
    }

    private void WriteTyped(Utf8JsonWriter writer, DuckDbVector typed, int index, int row, string path)
    {
        if (typed.Type.Id != DuckDbTypeId.List)
        {
            WriteLeaf(writer, typed, index, instants.Contains(path));
            return;
        }

        var (offset, length) = typed.ListRange(index);
        writer.WriteStartArray();
        for (int i = offset; i < offset + length; i++)
        {
            if (!TryWrite(writer, typed.Child(0), i, row, null, path))
                writer.WriteNullValue();
        }

        writer.WriteEndArray();
    }

    private static void WriteLeaf(Utf8JsonWriter writer, DuckDbVector typed, int index, bool isInstant)
    {
        object value = typed.GetValue(index)!;
        switch (value)
        {
            case bool flag: writer.WriteBooleanValue(flag); break;
            case float number: VariantJson.WriteFloating(writer, number, isFloat: true); break;
            case double number: VariantJson.WriteFloating(writer, number, isFloat: false); break;
            case Decimal38 number: writer.WriteRawValue(number.ToString()); break;
            case string text: writer.WriteStringValue(text); break;
            case byte[] bytes: writer.WriteBase64StringValue(bytes); break;
            case Guid uuid: writer.WriteStringValue(uuid); break;
            case DuckDbTimestamp moment: writer.WriteStringValue(Text(moment, isInstant)); break;
            case int days when typed.Type.Id == DuckDbTypeId.Date: writer.WriteStringValue(IsoText.Date(days)); break;
            case long micros when typed.Type.Id == DuckDbTypeId.Time: writer.WriteStringValue(IsoText.Time(micros, 6)); break;
            case sbyte or short or int or long: writer.WriteNumberValue(System.Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            default: throw TarnException.Corrupted($"A variant has a column of type {typed.Type}, which VariantShredding.md does not allow. Restore its data file.");
        }
    }

    private static string Text(DuckDbTimestamp moment, bool isInstant) =>
        IsoText.Timestamp(moment.Value, moment.Unit == DuckDbTimestampUnit.Nanoseconds ? 9 : 6, false) + (moment.WithTimeZone || isInstant ? "Z" : "");

    private static DuckDbVector? Child(DuckDbVector node, string name)
    {
        for (int i = 0; i < node.Type.Children.Count; i++)
        {
            if (node.Type.Id == DuckDbTypeId.Struct && node.Type.Children[i].Name == name)
                return node.Child(i);
        }

        return null;
    }
}
