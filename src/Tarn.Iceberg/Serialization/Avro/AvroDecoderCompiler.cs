namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>Turns a schema graph into a decoder graph; recursion in the one becomes recursion in the other.</summary>
/// <param name="projection">Which fields to keep; null keeps all.</param>
/// <param name="special">Gives the decoder for types that the caller wants as values of its own; null for all others.</param>
internal sealed class AvroDecoderCompiler(AvroProjection? projection, Func<AvroSchema, AvroDecoder?>? special = null)
{
    private readonly Dictionary<AvroSchema, AvroDecoder> _whole = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<AvroSchema, AvroDecoder> _projected = new(ReferenceEqualityComparer.Instance);

    internal AvroDecoder Compile(AvroSchema schema)
    {
        var decoder = Compile(schema, projection is null);

        // Computed here once, so that decoders are immutable when threads share them.
        foreach (var part in _whole.Values.Concat(_projected.Values))
            _ = part.MinBytes;
        return decoder;
    }

    private AvroDecoder Compile(AvroSchema schema, bool whole)
    {
        var known = whole ? _whole : _projected;
        if (known.TryGetValue(schema, out var decoder))
            return decoder;
        if (special?.Invoke(schema) is { } own)
            return known[schema] = own;
        if (schema is AvroRecord record)
            return CompileRecord(record, whole, known);
        return known[schema] = schema switch
        {
            AvroEnum symbols => new AvroEnumDecoder(symbols),
            AvroFixed bytes => new AvroFixedDecoder(bytes),
            AvroArray array => new AvroArrayDecoder(array, Compile(array.Items, whole)),
            AvroMap map => new AvroMapDecoder(map, Compile(map.Values, whole)),
            AvroUnion union => new AvroUnionDecoder(union, [.. union.Branches.Select(b => Compile(b, whole))]),
            _ => Primitive(schema),
        };
    }

    private AvroRecordDecoder CompileRecord(AvroRecord record, bool whole, Dictionary<AvroSchema, AvroDecoder> known)
    {
        var decoder = new AvroRecordDecoder(record);
        known[record] = decoder;
        var fields = new AvroRecordDecoder.Step[record.Fields.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            var field = record.Fields[i];
            bool fieldWhole = whole || projection!.Names(field);
            bool kept = fieldWhole || Reaches(field.Schema, new HashSet<AvroSchema>(ReferenceEqualityComparer.Instance));
            fields[i] = new AvroRecordDecoder.Step(field, Compile(field.Schema, fieldWhole || !kept), kept);
        }

        decoder.SetSteps(fields);
        return decoder;
    }

    /// <summary>Whether a field that is named lies at or below this schema.</summary>
    private bool Reaches(AvroSchema schema, HashSet<AvroSchema> seen) => schema switch
    {
        AvroRecord record => seen.Add(record) && record.Fields.Any(f => projection!.Names(f) || Reaches(f.Schema, seen)),
        AvroArray array => Reaches(array.Items, seen),
        AvroMap map => Reaches(map.Values, seen),
        AvroUnion union => union.Branches.Any(b => Reaches(b, seen)),
        _ => false,
    };

    private static AvroDecoder Primitive(AvroSchema schema) => schema.Type switch
    {
        AvroType.Null => new AvroNullDecoder(schema),
        AvroType.Boolean => new AvroBooleanDecoder(schema),
        AvroType.Int => new AvroIntDecoder(schema),
        AvroType.Long => new AvroLongDecoder(schema),
        AvroType.Float => new AvroFloatDecoder(schema),
        AvroType.Double => new AvroDoubleDecoder(schema),
        AvroType.Bytes => new AvroBytesDecoder(schema),
        AvroType.String => new AvroStringDecoder(schema),
        _ => throw new ArgumentOutOfRangeException(nameof(schema), schema.Type, "Not a primitive type."),
    };
}
