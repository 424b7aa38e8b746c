using Tarn.Core.Errors;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Types;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Avro;

/// <summary>Makes readers of an Avro schema for the columns of a table, resolved by field id ("Column Projection").</summary>
/// <param name="place">The file, for messages.</param>
internal sealed class AvroReaderCompiler(string place)
{
    private const int MaxDepth = 200;

    /// <summary>The reader of the rows of a file.</summary>
    /// <param name="record">The schema of its rows.</param>
    /// <param name="fields">Which fields they are.</param>
    /// <param name="columns">Wanted columns, each with its position in the output; all are in the file.</param>
    public IReadOnlyList<AvroStep> Rows(AvroRecord record, AvroFields fields, IReadOnlyList<(NestedField Field, int Column)> columns)
    {
        var steps = new List<AvroStep>();
        foreach (var field in record.Fields)
        {
            var wanted = fields.IdOf(field) is { } id ? columns.Where(c => c.Field.Id == id).ToArray() : [];
            if (wanted.Length == 0)
                steps.Add(new AvroStep(Skipper(field.Schema), -1, false));
            foreach (var (i, (column, output)) in wanted.Index())
                steps.Add(new AvroStep(Compile(field.Schema, column.Type, fields.Below(field.IcebergName), field.Name, 0), output, i < wanted.Length - 1));
        }

        return steps;
    }

    private AvroValueReader Compile(AvroSchema schema, IcebergType type, AvroFields below, string name, int depth)
    {
        if (depth > MaxDepth)
            throw TarnException.Corrupted($"Avro file {place}: its schema nests deeper than {MaxDepth} levels at '{name}'.");
        return (schema, type) switch
        {
            (AvroUnion union, _) => Union(union, type, below, name, depth),
            (AvroRecord record, { Id: TypeId.Variant }) => new AvroVariantReader(record),
            (AvroRecord record, StructType s) => Struct(record, s, below, depth),
            (AvroArray { Items: AvroRecord { Fields: [var key, var value] } }, MapType map) => new AvroItemsReader(
                [Compile(key.Schema, map.Key.Type, below.Below("key"), "key", depth + 1), Compile(value.Schema, map.Value.Type, below.Below("value"), "value", depth + 1)]),
            (AvroArray array, ListType list) => new AvroItemsReader([Compile(array.Items, list.Element.Type, below.Below("element"), "element", depth + 1)]),
            (AvroMap map, MapType m) => new AvroItemsReader(
                [Compile(new AvroPrimitive(AvroType.String), m.Key.Type, below, "key", depth + 1), Compile(map.Values, m.Value.Type, below.Below("value"), "value", depth + 1)]),
            ({ Type: AvroType.Null }, _) => new AvroLeafReader(AvroDecoder.Compile(schema), (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.SetNull(row)),
            _ when AvroLeaves.Reader(schema, type) is { } leaf => new AvroLeafReader(AvroDecoder.Compile(schema), leaf),
            _ => throw TarnException.Corrupted($"Avro file {place}: column '{name}' is {schema.LogicalType ?? schema.Type.ToString()}, where the table says {type}."),
        };
    }

    private AvroUnionReader Union(AvroUnion union, IcebergType type, AvroFields below, string name, int depth)
    {
        if (union.Branches.Count(b => b.Type != AvroType.Null) > 1)
            throw TarnException.Unsupported($"Avro file {place}: column '{name}' is a union of several types, which no Iceberg type is.");
        return new AvroUnionReader([.. union.Branches.Select(b => b.Type == AvroType.Null ? null : Compile(b, type, below, name, depth + 1))]);
    }

    private AvroRecordReader Struct(AvroRecord record, StructType type, AvroFields below, int depth)
    {
        var steps = new List<(AvroValueReader, int)>();
        var found = new HashSet<int>();
        foreach (var field in record.Fields)
        {
            int child = below.IdOf(field) is { } id ? type.Fields.Index().FirstOrDefault(f => f.Item.Id == id, (-1, null!)).Index : -1;
            if (child < 0)
            {
                steps.Add((Skipper(field.Schema), -1));
                continue;
            }

            found.Add(child);
            steps.Add((Compile(field.Schema, type.Fields[child].Type, below.Below(field.IcebergName), field.Name, depth + 1), child));
        }

        var missing = type.Fields.Index().Where(f => !found.Contains(f.Index)).Select(f => (f.Index, EngineValue.Of(f.Item.Type, f.Item.InitialDefault)));
        return new AvroRecordReader(steps, [.. missing]);
    }

    private static AvroLeafReader Skipper(AvroSchema schema) => new(AvroDecoder.Compile(schema), (ref AvroReader _, DuckDbVectorWriter _, int _) => throw new InvalidOperationException());
}

/// <summary>What happens to a field of a row.</summary>
/// <param name="Reader">Reads it.</param>
/// <param name="Column">The column that it becomes; -1 for none.</param>
/// <param name="IsReadAgain">True when the next step reads the same field into another column.</param>
internal readonly record struct AvroStep(AvroValueReader Reader, int Column, bool IsReadAgain);
