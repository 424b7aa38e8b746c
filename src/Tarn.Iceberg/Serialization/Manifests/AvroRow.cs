using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>A decoded record whose fields are asked for by id, or by name where the writer gave no ids.</summary>
/// <param name="datum">The record.</param>
/// <param name="place">What it is, for messages: file and position.</param>
internal readonly struct AvroRow(AvroDatum datum, Func<string> place)
{
    internal AvroDatum Datum { get; } = datum;

    internal Func<string> Place { get; } = place;

    internal object? Value(ManifestField field) => Datum.Find(field.Id, field.Name);

    internal long? Long(ManifestField field) => Value(field) switch
    {
        null => null,
        int number => number,
        long number => number,
        var other => throw Wrong(field, "a number", other),
    };

    internal int? Int(ManifestField field) => Long(field) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var number => (int)number,
        var other => throw Wrong(field, "a 32-bit number", other),
    };

    internal long RequiredLong(ManifestField field) => Long(field) ?? throw Missing(field);

    internal int RequiredInt(ManifestField field) => Int(field) ?? throw Missing(field);

    internal string? Text(ManifestField field) => Value(field) switch
    {
        null => null,
        string text => text,
        var other => throw Wrong(field, "text", other),
    };

    internal string RequiredText(ManifestField field) => Text(field) ?? throw Missing(field);

    internal bool? Boolean(ManifestField field) => Value(field) switch
    {
        null => null,
        bool value => value,
        var other => throw Wrong(field, "a boolean", other),
    };

    internal byte[]? Bytes(ManifestField field) => Value(field) switch
    {
        null => null,
        byte[] bytes => bytes,
        var other => throw Wrong(field, "bytes", other),
    };

    internal AvroRow? Record(ManifestField field) => Value(field) switch
    {
        null => null,
        AvroDatum datum => new AvroRow(datum, Place),
        var other => throw Wrong(field, "a struct", other),
    };

    internal object?[]? List(ManifestField field) => Value(field) switch
    {
        null => null,
        object?[] items => items,
        var other => throw Wrong(field, "a list", other),
    };

    internal IReadOnlyDictionary<int, T>? Map<T>(ManifestField field, Func<object?, (bool Found, T Value)> convert) => Value(field) switch
    {
        null => null,
        Dictionary<int, T> map => map,
        object?[] pairs => MapOf(field, pairs, convert),
        var other => throw Wrong(field, "a map with integer keys", other),
    };

    private Dictionary<int, T> MapOf<T>(ManifestField field, object?[] pairs, Func<object?, (bool Found, T Value)> convert)
    {
        var (keyId, valueId) = ManifestEntryFields.MapIds(field.Id);
        var map = new Dictionary<int, T>(pairs.Length);
        foreach (object? pair in pairs)
        {
            if (pair is not AvroDatum entry || entry.Find(keyId, "key") is not int key)
                throw Wrong(field, "a map with integer keys", pair);

            // Some writers list columns whose value is null.
            if (convert(entry.Find(valueId, "value")) is (true, var value))
                map[key] = value;
        }

        return map;
    }

    internal TarnException Missing(ManifestField field) =>
        TarnException.Corrupted($"{Place()} lacks the required field '{field.Name}' ({field.Id}). The writer of the file is at fault; write it again.");

    internal TarnException Wrong(ManifestField field, string wanted, object? found) =>
        TarnException.Corrupted($"{Place()} holds {found?.GetType().Name ?? "null"} in field '{field.Name}' ({field.Id}) where {wanted} is expected.");
}
