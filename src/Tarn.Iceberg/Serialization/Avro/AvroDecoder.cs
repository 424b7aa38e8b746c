namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>
/// A writer schema compiled for reading: what is projected becomes values, everything else is passed over.
/// Values: null, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="float"/>, <see cref="double"/>, <see cref="string"/>
/// (also an enum's symbol), <see cref="T:byte[]"/> (bytes and fixed), <see cref="AvroDatum"/> (record), <c>object?[]</c> (array),
/// <c>KeyValuePair&lt;string, object?&gt;[]</c> (map); a union gives the value of its branch. Logical types are not applied.
/// Thread-safe.
/// </summary>
public abstract class AvroDecoder
{
    private protected AvroDecoder(AvroSchema schema) => Schema = schema;

    /// <summary>The schema of the values that <see cref="Read"/> gives: the writer schema without the fields that are not projected.</summary>
    public AvroSchema Schema { get; private protected set; }

    /// <summary>Fewest bytes a value takes.</summary>
    public abstract int MinBytes { get; }

    /// <summary>Compiles a writer schema.</summary>
    /// <param name="writer">The schema the data was written with.</param>
    /// <param name="projection">Which fields to keep; null keeps all.</param>
    public static AvroDecoder Compile(AvroSchema writer, AvroProjection? projection = null) => new AvroDecoderCompiler(projection).Compile(writer);

    /// <summary>Reads one value.</summary>
    public abstract object? Read(ref AvroReader reader);

    /// <summary>Passes over one value.</summary>
    public abstract void Skip(ref AvroReader reader);
}

/// <summary>Which record fields a decoder keeps.</summary>
/// <param name="fieldIds">
/// Iceberg ids of the fields to keep. A field is kept with everything below it when its id is named, and as far as needed when one below it is named.
/// </param>
/// <param name="names">Names of fields to keep where the writer gave no ids.</param>
public sealed class AvroProjection(IReadOnlySet<int> fieldIds, IReadOnlySet<string>? names = null)
{
    /// <summary>Whether the field itself is named.</summary>
    public bool Names(AvroField field) => field.FieldId is { } id ? fieldIds.Contains(id) : names?.Contains(field.Name) == true;
}

/// <summary>A record's values.</summary>
/// <param name="Schema">The record.</param>
/// <param name="Values">One value for each field, in order.</param>
public sealed record AvroDatum(AvroRecord Schema, object?[] Values)
{
    /// <summary>The value of the first field with this name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such field.</exception>
    public object? this[string name]
    {
        get
        {
            for (int i = 0; i < Schema.Fields.Count; i++)
            {
                if (Schema.Fields[i].Name == name)
                    return Values[i];
            }

            throw new KeyNotFoundException($"Record '{Schema.FullName}' has no field '{name}'.");
        }
    }

    /// <summary>The value of the field with this Iceberg id, else of the field without id that has this name; null when there is none.</summary>
    public object? Find(int fieldId, string name) => Schema.IndexOf(fieldId, name) is >= 0 and int index ? Values[index] : null;
}
