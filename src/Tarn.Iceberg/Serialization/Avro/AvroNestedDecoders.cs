using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Avro;

internal sealed class AvroUnionDecoder(AvroUnion schema, AvroDecoder[] branches)
    : AvroDecoder(branches.Select(b => b.Schema).SequenceEqual(schema.Branches) ? schema : new AvroUnion([.. branches.Select(b => b.Schema)]))
{
    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader)
    {
        var branch = branches[reader.ReadBranch(branches.Length)];
        reader.Enter();
        object? value = branch.Read(ref reader);
        reader.Leave();
        return value;
    }

    public override void Skip(ref AvroReader reader)
    {
        var branch = branches[reader.ReadBranch(branches.Length)];
        reader.Enter();
        branch.Skip(ref reader);
        reader.Leave();
    }
}

internal sealed class AvroArrayDecoder(AvroArray schema, AvroDecoder items)
    : AvroDecoder(ReferenceEquals(items.Schema, schema.Items) ? schema : new AvroArray(items.Schema, schema.Attributes))
{
    private readonly AvroItemShape _itemShape = ShapeOf(schema.Items);
    private readonly int _longsPerItem = schema.Items is AvroRecord record ? record.Fields.Count : 1;

    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader)
    {
        object?[] values = [];
        reader.Enter();
        for (int count; (count = reader.ReadBlockCount(items.MinBytes, out _)) > 0;)
        {
            int start = values.Length;
            Array.Resize(ref values, start + count);
            for (int i = 0; i < count; i++)
                values[start + i] = items.Read(ref reader);
        }

        reader.Leave();
        return values;
    }

    public override void Skip(ref AvroReader reader)
    {
        reader.Enter();
        for (int count; (count = reader.ReadBlockCount(items.MinBytes, out int size)) > 0;)
        {
            if (size >= 0)
            {
                reader.SkipFixed(size);
                continue;
            }

            switch (_itemShape)
            {
                case AvroItemShape.Longs:
                    reader.SkipLongs(count * _longsPerItem);
                    break;
                case AvroItemShape.LongAndBytes:
                    reader.SkipLongsWithBytes(count);
                    break;
                default:
                    for (; count > 0; count--)
                        items.Skip(ref reader);
                    break;
            }
        }

        reader.Leave();
    }

    private static AvroItemShape ShapeOf(AvroSchema items) => items switch
    {
        { Type: AvroType.Int or AvroType.Long } => AvroItemShape.Longs,
        AvroRecord { Fields.Count: > 0 and < 16 } record when record.Fields.All(f => f.Schema.Type is AvroType.Int or AvroType.Long) => AvroItemShape.Longs,
        AvroRecord { Fields: [{ Schema.Type: AvroType.Int or AvroType.Long }, { Schema.Type: AvroType.Bytes or AvroType.String }] } => AvroItemShape.LongAndBytes,
        _ => AvroItemShape.Other,
    };
}

/// <summary>Items that are passed over many at a time.</summary>
internal enum AvroItemShape
{
    /// <summary>One by one.</summary>
    Other,

    /// <summary>Nothing but ints and longs.</summary>
    Longs,

    /// <summary>An int or long and bytes or a string.</summary>
    LongAndBytes,
}

internal sealed class AvroMapDecoder(AvroMap schema, AvroDecoder items)
    : AvroDecoder(ReferenceEquals(items.Schema, schema.Values) ? schema : new AvroMap(items.Schema, schema.Attributes))
{
    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader)
    {
        KeyValuePair<string, object?>[] values = [];
        reader.Enter();
        for (int count; (count = reader.ReadBlockCount(1 + items.MinBytes, out _)) > 0;)
        {
            int start = values.Length;
            Array.Resize(ref values, start + count);
            for (int i = 0; i < count; i++)
            {
                string key = reader.ReadString();
                values[start + i] = KeyValuePair.Create(key, items.Read(ref reader));
            }
        }

        reader.Leave();
        return values;
    }

    public override void Skip(ref AvroReader reader)
    {
        reader.Enter();
        for (int count; (count = reader.ReadBlockCount(1 + items.MinBytes, out int size)) > 0;)
        {
            if (size >= 0)
            {
                reader.SkipFixed(size);
                continue;
            }

            for (; count > 0; count--)
            {
                reader.SkipBytes();
                items.Skip(ref reader);
            }
        }

        reader.Leave();
    }
}

internal sealed class AvroRecordDecoder(AvroRecord schema) : AvroDecoder(schema)
{
    private readonly AvroRecord _writer = schema;
    private AvroRecord _projected = schema;
    private Step[] _steps = [];
    private Flat[]? _flat;
    private int _minBytes = -1;

    private enum Flat
    {
        Varint,
        Bytes,
        Four,
        Eight,
        One,
    }

    public override int MinBytes
    {
        get
        {
            if (_minBytes < 0)
            {
                // A record that contains itself without a union in between has no finite value; zero is a safe answer while that is found out.
                _minBytes = 0;
                _minBytes = (int)Math.Min(int.MaxValue, _steps.Sum(s => (long)s.Decoder.MinBytes));
            }

            return _minBytes;
        }
    }

    public override object? Read(ref AvroReader reader)
    {
        var values = new object?[_projected.Fields.Count];
        int next = 0;
        reader.Enter();
        foreach (ref readonly var step in _steps.AsSpan())
        {
            if (step.Kept)
                values[next++] = step.Decoder.Read(ref reader);
            else
                step.Decoder.Skip(ref reader);
        }

        reader.Leave();
        return new AvroDatum(_projected, values);
    }

    public override void Skip(ref AvroReader reader)
    {
        if (_flat is { } flat)
        {
            SkipFlat(ref reader, flat);
            return;
        }

        reader.Enter();
        foreach (ref readonly var step in _steps.AsSpan())
            step.Decoder.Skip(ref reader);
        reader.Leave();
    }

    internal void SetSteps(Step[] steps)
    {
        _steps = steps;
        if (steps.All(s => s.Kept && ReferenceEquals(s.Decoder.Schema, s.Field.Schema)))
        {
            _projected = _writer;
        }
        else
        {
            _projected = new AvroRecord(_writer.FullName, _writer.Attributes)
            {
                Fields = [.. steps.Where(s => s.Kept).Select(s => s.Field with { Schema = s.Decoder.Schema })],
            };
        }

        Schema = _projected;
        var flat = steps.Select(s => Flatten(s.Decoder)).ToArray();
        _flat = flat.All(f => f is not null) ? [.. flat.Select(f => f!.Value)] : null;
    }

    private static Flat? Flatten(AvroDecoder decoder) => decoder switch
    {
        AvroIntDecoder or AvroLongDecoder => Flat.Varint,
        AvroBytesDecoder or AvroStringDecoder => Flat.Bytes,
        AvroFloatDecoder => Flat.Four,
        AvroDoubleDecoder => Flat.Eight,
        AvroBooleanDecoder => Flat.One,
        _ => null,
    };

    private static void SkipFlat(ref AvroReader reader, Flat[] flat)
    {
        foreach (var item in flat)
        {
            switch (item)
            {
                case Flat.Varint:
                    reader.SkipLong();
                    break;
                case Flat.Bytes:
                    reader.SkipBytes();
                    break;
                case Flat.Four:
                    reader.SkipFixed(4);
                    break;
                case Flat.Eight:
                    reader.SkipFixed(8);
                    break;
                default:
                    reader.SkipFixed(1);
                    break;
            }
        }
    }

    internal readonly record struct Step(AvroField Field, AvroDecoder Decoder, bool Kept);
}
