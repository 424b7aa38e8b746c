using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Reads one field of an entry into the columns, or passes over it.</summary>
internal abstract class ColumnarStep
{
    internal abstract void Read(ref AvroReader reader, int row, ByteStore store);
}

/// <summary>Whether a field may be null, and which branch of its union says so.</summary>
internal readonly struct Nullability(int branches, int nullBranch)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsNull(ref AvroReader reader) => branches > 0 && reader.ReadBranch(branches) == nullBranch;

    /// <summary>The type of a field and whether it may be null; false for unions of several types.</summary>
    internal static bool TryUnwrap(AvroSchema schema, out AvroSchema inner, out Nullability nullability)
    {
        (inner, nullability) = (schema, default);
        if (schema is not AvroUnion union)
            return true;
        if (union.NonNull is not { } only || union.Branches.Count > 2)
            return false;
        inner = only;
        nullability = new Nullability(union.Branches.Count, union.Branches.Count == 1 ? -1 : union.Branches[0].Type == AvroType.Null ? 0 : 1);
        return true;
    }
}

internal sealed class SkipStep(AvroDecoder decoder) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store) => decoder.Skip(ref reader);
}

internal sealed class RecordStep(ColumnarStep[] steps) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        foreach (var step in steps)
            step.Read(ref reader, row, store);
    }
}

internal sealed class LongStep(Nullability nullability, long[] target, ManifestField field, bool required) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        if (!nullability.IsNull(ref reader))
            target[row] = reader.ReadLong();
        else if (!required)
            target[row] = ColumnarManifest.NoNumber;
        else
            throw TarnException.Corrupted($"Value {row} lacks the required field '{field.Name}' ({field.Id}).");
    }
}

/// <summary>Small enumerations: a number from 0 to a maximum.</summary>
internal sealed class CodeStep(Nullability nullability, byte[] target, ManifestField field, int maximum, bool required) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        bool isNull = nullability.IsNull(ref reader);
        if (isNull && required)
            throw TarnException.Corrupted($"Value {row} lacks the required field '{field.Name}' ({field.Id}).");
        long code = isNull ? 0 : reader.ReadLong();
        if ((ulong)code > (ulong)maximum)
            throw TarnException.Corrupted($"Value {row} has {code} in field '{field.Name}' ({field.Id}); 0 to {maximum} are known.");
        target[row] = (byte)code;
    }
}

internal sealed class BytesStep(Nullability nullability, ByteSlice[] target, ManifestField field, bool required) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        if (!nullability.IsNull(ref reader))
            target[row] = store.Add(reader.ReadBytes());
        else if (required)
            throw TarnException.Corrupted($"Value {row} lacks the required field '{field.Name}' ({field.Id}).");
    }
}

internal sealed class FormatStep(byte[] target) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        var text = reader.ReadBytes();
        target[row] = text.SequenceEqual("PARQUET"u8) || text.SequenceEqual("parquet"u8)
            ? (byte)Spec.FileFormat.Parquet
            : (byte)DataFileRow.ToFormat(ColumnarManifest.Text(text), () => $"Value {row}");
    }
}

internal sealed class NumbersStep(Nullability nullability, long[]?[] target) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        if (nullability.IsNull(ref reader))
            return;
        long[] numbers = [];
        if (reader.TryReadOnlyLong(out long only))
        {
            target[row] = store.Single(only);
            return;
        }

        for (int count; (count = reader.ReadBlockCount(1, out _)) > 0;)
        {
            int start = numbers.Length;
            Array.Resize(ref numbers, start + count);
            for (int i = start; i < numbers.Length; i++)
                numbers[i] = reader.ReadLong();
        }

        target[row] = numbers;
    }
}

/// <summary>A map from column id to count, of which the projected columns are kept.</summary>
internal sealed class CountsStep(Nullability nullability, FieldLookup lookup, long[][] targets) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        if (nullability.IsNull(ref reader))
            return;
        for (int count; (count = reader.ReadBlockCount(2, out _)) > 0;)
        {
            for (; count > 0; count--)
            {
                int column = lookup.Find(reader.ReadLong());
                if (column >= 0)
                    targets[column][row] = reader.ReadLong();
                else
                    reader.SkipLong();
            }
        }
    }
}

/// <summary>A map from column id to bound, of which the projected columns are kept.</summary>
internal sealed class BoundsStep(Nullability nullability, FieldLookup lookup, ByteSlice[][] targets) : ColumnarStep
{
    internal override void Read(ref AvroReader reader, int row, ByteStore store)
    {
        if (nullability.IsNull(ref reader))
            return;
        for (int count; (count = reader.ReadBlockCount(2, out _)) > 0;)
        {
            for (; count > 0; count--)
            {
                int column = lookup.Find(reader.ReadLong());
                if (column >= 0)
                    targets[column][row] = store.Add(reader.ReadBytes());
                else
                    reader.SkipBytes();
            }
        }
    }
}

/// <summary>Positions of projected columns by field id.</summary>
internal sealed class FieldLookup
{
    private const int MaxTable = 1 << 16;

    private readonly short[] _table;
    private readonly Dictionary<long, int> _large = [];

    internal FieldLookup(IReadOnlyList<int> fieldIds)
    {
        int size = fieldIds.Where(id => id is >= 0 and < MaxTable).DefaultIfEmpty(-1).Max() + 1;
        _table = new short[size];
        Array.Fill(_table, (short)-1);
        for (int i = 0; i < fieldIds.Count; i++)
        {
            if ((uint)fieldIds[i] < (uint)size)
                _table[fieldIds[i]] = checked((short)i);
            else
                _large[fieldIds[i]] = i;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Find(long fieldId) => (ulong)fieldId < (ulong)_table.Length ? _table[fieldId] : _large.Count == 0 ? -1 : _large.GetValueOrDefault(fieldId, -1);
}
