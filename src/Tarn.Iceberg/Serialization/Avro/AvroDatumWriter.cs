namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>Writes values of the kinds that <see cref="AvroDecoder"/> reads.</summary>
public static class AvroDatumWriter
{
    /// <summary>Writes one value.</summary>
    /// <exception cref="ArgumentException">The value does not fit the schema.</exception>
    public static void Write(AvroWriter writer, AvroSchema schema, object? value)
    {
        switch (schema, value)
        {
            case ({ Type: AvroType.Null }, null):
                break;
            case ({ Type: AvroType.Boolean }, bool boolean):
                writer.WriteBoolean(boolean);
                break;
            case ({ Type: AvroType.Int }, int number):
                writer.WriteLong(number);
                break;
            case ({ Type: AvroType.Long }, long number):
                writer.WriteLong(number);
                break;
            case ({ Type: AvroType.Float }, float number):
                writer.WriteFloat(number);
                break;
            case ({ Type: AvroType.Double }, double number):
                writer.WriteDouble(number);
                break;
            case ({ Type: AvroType.Bytes }, byte[] bytes):
                writer.WriteBytes(bytes);
                break;
            case ({ Type: AvroType.String }, string text):
                writer.WriteString(text);
                break;
            case (AvroFixed { Size: var size }, byte[] bytes) when bytes.Length == size:
                writer.WriteFixed(bytes);
                break;
            default:
                WriteNested(writer, schema, value);
                break;
        }
    }

    private static void WriteNested(AvroWriter writer, AvroSchema schema, object? value)
    {
        switch (schema, value)
        {
            case (AvroEnum symbols, string symbol) when symbols.Symbols.Contains(symbol):
                writer.WriteLong(symbols.Symbols.Index().First(s => s.Item == symbol).Index);
                break;
            case (AvroRecord record, AvroDatum datum) when datum.Values.Length == record.Fields.Count:
                for (int i = 0; i < datum.Values.Length; i++)
                    Write(writer, record.Fields[i].Schema, datum.Values[i]);
                break;
            case (AvroArray array, object?[] items):
                WriteItems(writer, items, item => Write(writer, array.Items, item));
                break;
            case (AvroMap map, KeyValuePair<string, object?>[] pairs):
                WriteItems(writer, pairs, pair =>
                {
                    writer.WriteString(pair.Key);
                    Write(writer, map.Values, pair.Value);
                });
                break;
            case (AvroUnion union, _):
                int branch = Branch(union, value);
                writer.WriteLong(branch);
                Write(writer, union.Branches[branch], value);
                break;
            default:
                throw new ArgumentException($"A value of type {value?.GetType().Name ?? "null"} does not fit Avro type {schema.Type}.", nameof(value));
        }
    }

    private static void WriteItems<T>(AvroWriter writer, T[] items, Action<T> write)
    {
        if (items.Length > 0)
            writer.WriteLong(items.Length);
        foreach (var item in items)
            write(item);
        writer.WriteLong(0);
    }

    private static int Branch(AvroUnion union, object? value)
    {
        for (int i = 0; i < union.Branches.Count; i++)
        {
            if (Fits(union.Branches[i], value))
                return i;
        }

        throw new ArgumentException($"A value of type {value?.GetType().Name ?? "null"} fits no branch of a union.", nameof(value));
    }

    private static bool Fits(AvroSchema schema, object? value) => (schema, value) switch
    {
        ({ Type: AvroType.Null }, null) => true,
        (_, null) => false,
        ({ Type: AvroType.Boolean }, bool) or ({ Type: AvroType.Int }, int) or ({ Type: AvroType.Long }, long) or ({ Type: AvroType.Float }, float)
            or ({ Type: AvroType.Double }, double) or ({ Type: AvroType.String }, string) or ({ Type: AvroType.Bytes }, byte[])
            or (AvroMap, KeyValuePair<string, object?>[]) or (AvroArray, object?[]) => true,
        (AvroFixed { Size: var size }, byte[] bytes) => bytes.Length == size,
        (AvroEnum symbols, string symbol) => symbols.Symbols.Contains(symbol),
        (AvroRecord record, AvroDatum datum) => record.FullName == datum.Schema.FullName,
        _ => false,
    };
}
