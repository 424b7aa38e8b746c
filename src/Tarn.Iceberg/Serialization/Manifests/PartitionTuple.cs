using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>
/// Turns the partition record of a manifest into a tuple in the order and with the types of the spec: fields are found by id, then by name;
/// values written before a promotion are widened. A field that the record lacks is null; one of a void transform always is, so it lacks nothing then.
/// </summary>
internal sealed class PartitionTuple
{
    private readonly StructType _type;
    private readonly (int Index, AvroSchema? Schema)[] _sources;
    private readonly string _place;
    private readonly string? _missing;
    private readonly AvroRecord? _record;

    /// <summary>Prepares the conversion.</summary>
    /// <param name="type">Tuple type of the spec.</param>
    /// <param name="record">The partition record as written, or null when the manifest has none.</param>
    /// <param name="place">Location of the manifest, for messages.</param>
    internal PartitionTuple(StructType type, AvroRecord? record, string place)
    {
        _type = type;
        _place = place;
        _record = record;
        _sources = [.. type.Fields.Select(f => Find(f, record))];
        _missing = record is null ? null : Missing(record);
        IsOfSpec = _missing is null && !Enumerable.Range(0, record?.Fields.Count ?? 0).Except(_sources.Select(s => s.Index)).Any();
    }

    /// <summary>The fields of the record, for messages.</summary>
    internal string Fields => Names(_record);

    /// <summary>Whether the record has the fields of the spec and no other.</summary>
    internal bool IsOfSpec { get; }

    /// <summary>The tuple type.</summary>
    internal StructType Type => _type;

    /// <summary>Where the record has each field of the tuple, -1 for one that is always null, and how it was written.</summary>
    internal IReadOnlyList<(int Index, AvroSchema? Schema)> Sources => _sources;

    /// <summary>Whether the record has every field of the spec.</summary>
    internal bool IsComplete => _missing is null;

    /// <summary>Refuses a record that lacks a field of the spec, where its value decides about rows.</summary>
    /// <exception cref="TarnException">DataCorrupted.</exception>
    internal void RequireComplete(FileContent content)
    {
        if (_missing is null)
            return;
        throw TarnException.Corrupted(content == FileContent.EqualityDeletes
            ? $"{_missing} Its equality deletes apply to the rows of their partition, which nobody can tell. Roll back to the snapshot before it, and let the engine that wrote it delete again in the table's present partitioning."
            : _missing);
    }

    /// <summary>The tuple of a record.</summary>
    /// <exception cref="TarnException">DataCorrupted when the record is missing though the spec has fields, or a value does not fit its type.</exception>
    internal object?[] Read(AvroDatum? record)
    {
        if (_sources.Length == 0)
            return [];
        if (record is null)
            throw TarnException.Corrupted($"Manifest {_place} has an entry without the required field 'data_file.partition' (102), though its spec has fields.");
        var values = new object?[_sources.Length];
        for (int i = 0; i < values.Length; i++)
        {
            var (index, schema) = _sources[i];
            values[i] = index < 0 ? null : Convert(_type.Fields[i], schema!, record.Values[index]);
        }

        return values;
    }

    /// <summary>A value as its partition field holds it.</summary>
    internal object? Convert(NestedField field, AvroSchema schema, object? value)
    {
        if (value is null)
            return null;
        object? converted = field.Type.Id switch
        {
            TypeId.Unknown => AsWritten(schema, value),
            TypeId.Decimal => value is byte[] bytes ? ToDecimal(bytes, schema.IntAttribute("scale") ?? ((DecimalType)field.Type).Scale) : null,
            TypeId.Uuid => ToUuid(value),
            TypeId.String => value as string,
            TypeId.Fixed or TypeId.Binary => value as byte[],
            TypeId.Int or TypeId.Date => value switch
            {
                int => value,
                long number when number == (int)number => (int)number,
                _ => null,
            },
            _ => BinarySingleValue.Promote(field.Type, InMicros(schema, value)),
        };
        return converted is not null && Fits(field.Type, converted)
            ? converted
            : throw TarnException.Corrupted($"Manifest {_place} holds {value.GetType().Name} '{value}' in partition field '{field.Name}' ({field.Id}) of type {field.Type}.");
    }

    private static (int Index, AvroSchema? Schema) Find(NestedField field, AvroRecord? record)
    {
        if (record is null)
            return (-1, null);
        int index = record.Fields.Index().FirstOrDefault(f => f.Item.FieldId == field.Id, (-1, null!)).Index;
        if (index < 0)
            index = record.Fields.Index().FirstOrDefault(f => f.Item.IcebergName == field.Name, (-1, null!)).Index;
        return index < 0 ? (-1, null) : (index, Unwrap(record.Fields[index].Schema));
    }

    private string? Missing(AvroRecord record)
    {
        if (_type.Fields.Where((f, i) => _sources[i].Index < 0 && f.Type.Id != TypeId.Unknown && !_type.VoidFieldIds.Contains(f.Id)).FirstOrDefault() is not { } field)
            return null;
        return $"Manifest {_place} has no partition field '{field.Name}' ({field.Id}); it has {Names(record)}.";
    }

    private static string Names(AvroRecord? record) => record is { Fields.Count: > 0 } ? string.Join(", ", record.Fields.Select(f => $"'{f.Name}' ({f.FieldId})")) : "none";

    private static AvroSchema Unwrap(AvroSchema schema) => schema is AvroUnion { NonNull: { } inner } ? inner : schema;

    private static object AsWritten(AvroSchema schema, object value) => (schema.LogicalType, value) switch
    {
        ("decimal", byte[] bytes) => ToDecimal(bytes, schema.IntAttribute("scale") ?? 0) ?? value,
        ("uuid", byte[] { Length: 16 } bytes) => new Guid(bytes, bigEndian: true),
        _ => value,
    };

    private static object InMicros(AvroSchema schema, object value) => (schema.LogicalType, value) switch
    {
        ("timestamp-millis" or "local-timestamp-millis" or "time-millis", long millis) => millis * 1000,
        ("time-millis", int millis) => millis * 1000L,
        _ => value,
    };

    private static object? ToDecimal(byte[] bytes, int scale)
    {
        if (bytes.Length is 0 or > 16)
            return null;
        Int128 unscaled = (sbyte)bytes[0];
        foreach (byte digit in bytes.AsSpan(1))
            unscaled = (unscaled << 8) | digit;
        return new Decimal38(unscaled, scale);
    }

    private static object? ToUuid(object value) => value switch
    {
        byte[] { Length: 16 } bytes => new Guid(bytes, bigEndian: true),
        string text when Guid.TryParse(text, CultureInfo.InvariantCulture, out var uuid) => uuid,
        _ => null,
    };

    private static bool Fits(IcebergType type, object value) => type.Id switch
    {
        TypeId.Boolean => value is bool,
        TypeId.Long or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs => value is long,
        TypeId.Float => value is float,
        TypeId.Double => value is double,
        _ => true,
    };
}
