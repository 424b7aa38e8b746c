using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Reads one partition value into its column.</summary>
internal sealed class PartitionStep : ColumnarStep
{
    private readonly Form _form;
    private readonly Nullability _nullability;
    private readonly int _size;
    private readonly PartitionColumn _column;
    private readonly AvroSchema _inner;
    private readonly AvroDecoder _decoder;
    private readonly PartitionTuple _tuple;

    internal PartitionStep(AvroSchema schema, PartitionColumn column, PartitionTuple tuple)
    {
        (_column, _tuple, _decoder) = (column, tuple, AvroDecoder.Compile(schema));
        bool simple = Nullability.TryUnwrap(schema, out _inner, out _nullability);
        _form = simple ? FormOf(_inner, column.Field.Type) : Form.Any;
        _size = _inner is AvroFixed bytes ? bytes.Size : 0;
    }

    private enum Form
    {
        Any,
        Boolean,
        Int,
        Long,
        Float,
        Double,
        Bytes,
        Fixed,
    }

    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        if (_form == Form.Any)
        {
            StoreAny(ref reader, row, store);
            return;
        }

        if (_nullability.IsNull(ref reader))
        {
            _column.Absent[row] = true;
            return;
        }

        switch (_form)
        {
            case Form.Boolean:
                _column.Longs[row] = reader.ReadBoolean() ? 1 : 0;
                break;
            case Form.Int:
                _column.Longs[row] = reader.ReadInt();
                break;
            case Form.Long:
                _column.Longs[row] = reader.ReadLong();
                break;
            case Form.Float:
                _column.Doubles[row] = reader.ReadFloat();
                break;
            case Form.Double:
                _column.Doubles[row] = reader.ReadDouble();
                break;
            case Form.Bytes:
                _column.Slices[row] = store.Add(reader.ReadBytes());
                break;
            default:
                _column.Slices[row] = store.Add(reader.ReadFixed(_size));
                break;
        }
    }

    /// <summary>Puts a converted value into a column.</summary>
    internal static void Store(PartitionColumn column, int row, object? value, ByteStore store)
    {
        column.Absent[row] = value is null;
        if (value is null)
            return;
        switch (column.Kind)
        {
            case PartitionColumnKind.Longs:
                column.Longs[row] = value is bool flag ? (flag ? 1 : 0) : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case PartitionColumnKind.Doubles:
                column.Doubles[row] = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case PartitionColumnKind.Bytes:
                column.Slices[row] = store.Add(SingleValue.BinarySingleValue.Serialize(column.Field.Type, value));
                break;
            default:
                column.Objects[row] = value;
                break;
        }
    }

    private static Form FormOf(AvroSchema schema, IcebergType type) => (schema.Type, type.Id) switch
    {
        _ when schema.LogicalType?.EndsWith("-millis", StringComparison.Ordinal) == true => Form.Any,
        (AvroType.Boolean, TypeId.Boolean) => Form.Boolean,
        (AvroType.Int, TypeId.Int or TypeId.Date or TypeId.Long) => Form.Int,
        (AvroType.Long, TypeId.Long or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs) => Form.Long,
        (AvroType.Float, TypeId.Float or TypeId.Double) => Form.Float,
        (AvroType.Double, TypeId.Double) => Form.Double,
        (AvroType.String, TypeId.String) => Form.Bytes,
        (AvroType.Bytes, TypeId.Binary or TypeId.Fixed) => Form.Bytes,
        (AvroType.Fixed, TypeId.Binary or TypeId.Fixed) => Form.Fixed,
        (AvroType.Fixed, TypeId.Uuid) when schema is AvroFixed { Size: 16 } => Form.Fixed,
        (AvroType.Fixed, TypeId.Decimal) when schema is AvroFixed { Size: > 0 and <= 16 } => Form.Fixed,
        _ => Form.Any,
    };

    private void StoreAny(ref AvroReader reader, int row, ByteStore store) =>
        Store(_column, row, _tuple.Convert(_column.Field, _inner, _decoder.Read(ref reader)), store);
}
