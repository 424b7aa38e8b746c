using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Tarn.Core.Values;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Writing;

public sealed unsafe partial class DuckDbVectorWriter
{
    /// <summary>
    /// Writes an object in the form that <see cref="DuckDbVector.GetValue"/> gives for the type; null writes NULL. Also taken: any
    /// integer type whose value fits, <see cref="decimal"/> for DECIMAL, <see cref="DateOnly"/>, <see cref="TimeOnly"/>,
    /// <see cref="DateTime"/> (as UTC or local as the column says). Convenient, not fast.
    /// </summary>
    /// <exception cref="ArgumentException">The object does not fit the type.</exception>
    public void SetValue(int row, object? value)
    {
        CheckRow(row);
        try
        {
            if (value is null)
                SetNull(row);
            else if (Type.StorageSize > 0 && !Type.IsByteString && Type.Id is not (DuckDbTypeId.List or DuckDbTypeId.Map))
                WriteFixed(row, value);
            else if (Type.IsByteString)
                WriteBytes(row, value);
            else
                WriteNested(row, value);
        }
        catch (Exception cause) when (cause is InvalidCastException or OverflowException or FormatException or KeyNotFoundException)
        {
            throw new ArgumentException($"The {value!.GetType().Name} '{value}' does not fit a column of type {Type}.", nameof(value), cause);
        }
    }

    private void WriteFixed(int row, object value)
    {
        switch (Type.Id)
        {
            case DuckDbTypeId.Boolean: Data[row] = (bool)value ? (byte)1 : (byte)0; break;
            case DuckDbTypeId.Float: ((float*)Data)[row] = Convert.ToSingle(value, CultureInfo.InvariantCulture); break;
            case DuckDbTypeId.Double: ((double*)Data)[row] = Convert.ToDouble(value, CultureInfo.InvariantCulture); break;
            case DuckDbTypeId.Decimal: WriteInteger(row, Unscaled(value)); break;
            case DuckDbTypeId.Enum: WriteInteger(row, EnumNumber((string)value)); break;
            case DuckDbTypeId.UHugeInt: WriteWide(row, value is UInt128 wide ? wide : (UInt128)ToInt128(value)); break;
            case DuckDbTypeId.Uuid: WriteUuid(row, (Guid)value); break;
            case DuckDbTypeId.Interval: ((DuckDbInterval*)Data)[row] = (DuckDbInterval)value; break;
            case DuckDbTypeId.TimeTz: ((ulong*)Data)[row] = ((DuckDbTimeTz)value).ToBits(); break;
            case DuckDbTypeId.SqlNull: SetNull(row); break;
            default: WriteInteger(row, ToInt128(value)); break;
        }
    }

    /// <summary>The number that is stored for an integer, date or time.</summary>
    private Int128 ToInt128(object value) => value switch
    {
        Int128 v => v,
        UInt128 v => checked((Int128)v),
        ulong v => v,
        DateOnly date => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber,
        TimeOnly time when Type.Id == DuckDbTypeId.TimeNs => time.Ticks * 100,
        TimeOnly time => time.Ticks / TimeSpan.TicksPerMicrosecond,
        DateTime time => FromTicks(time.Ticks - DateTime.UnixEpoch.Ticks),
        DateTimeOffset time => FromTicks(time.UtcTicks - DateTime.UnixEpoch.Ticks),
        DuckDbTimestamp time when time.Unit == UnitOf(Type.Id) => time.Value,
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        _ => throw new InvalidCastException(),
    };

    private static DuckDbTimestampUnit? UnitOf(DuckDbTypeId id) => id switch
    {
        DuckDbTypeId.Timestamp or DuckDbTypeId.TimestampTz => DuckDbTimestampUnit.Microseconds,
        DuckDbTypeId.TimestampS => DuckDbTimestampUnit.Seconds,
        DuckDbTypeId.TimestampMs => DuckDbTimestampUnit.Milliseconds,
        DuckDbTypeId.TimestampNs => DuckDbTimestampUnit.Nanoseconds,
        _ => null,
    };

    private Int128 FromTicks(long ticks) => UnitOf(Type.Id) switch
    {
        DuckDbTimestampUnit.Seconds => FloorDivide(ticks, TimeSpan.TicksPerSecond),
        DuckDbTimestampUnit.Milliseconds => FloorDivide(ticks, TimeSpan.TicksPerMillisecond),
        DuckDbTimestampUnit.Microseconds => FloorDivide(ticks, TimeSpan.TicksPerMicrosecond),
        DuckDbTimestampUnit.Nanoseconds => (Int128)ticks * 100,
        _ => throw new InvalidCastException(),
    };

    private static long FloorDivide(long value, long divisor) =>
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);

    private void WriteInteger(int row, Int128 value)
    {
        checked
        {
            switch (Type.Id)
            {
                case DuckDbTypeId.UTinyInt: Data[row] = (byte)value; return;
                case DuckDbTypeId.USmallInt: ((ushort*)Data)[row] = (ushort)value; return;
                case DuckDbTypeId.UInteger: ((uint*)Data)[row] = (uint)value; return;
                case DuckDbTypeId.UBigInt: ((ulong*)Data)[row] = (ulong)value; return;
            }
            switch (Type.StorageSize)
            {
                case 1 when Type.Id == DuckDbTypeId.Enum: Data[row] = (byte)value; break;
                case 1: ((sbyte*)Data)[row] = (sbyte)value; break;
                case 2 when Type.Id == DuckDbTypeId.Enum: ((ushort*)Data)[row] = (ushort)value; break;
                case 2: ((short*)Data)[row] = (short)value; break;
                case 4: ((int*)Data)[row] = (int)value; break;
                case 8: ((long*)Data)[row] = (long)value; break;
                default: WriteWide(row, unchecked((UInt128)value)); break;
            }
        }
    }

    private void WriteWide(int row, UInt128 value)
    {
        ((ulong*)Data)[2 * row] = (ulong)value;
        ((ulong*)Data)[2 * row + 1] = (ulong)(value >> 64);
    }

    private void WriteUuid(int row, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        WriteWide(row, BinaryPrimitives.ReadUInt128BigEndian(bytes) ^ (UInt128.One << 127));
    }

    private Int128 Unscaled(object value)
    {
        var number = value switch
        {
            Decimal38 exact => exact,
            decimal exact => Decimal38.From(exact),
            _ => new Decimal38(ToInt128(value), 0),
        };
        return number.TryRescale(Type.Scale, out var scaled) && scaled.Precision <= Type.Width ? scaled.Unscaled : throw new OverflowException();
    }

    private int EnumNumber(string value)
    {
        for (var i = 0; i < Type.EnumValues.Count; i++)
            if (Type.EnumValues[i] == value)
                return i;
        throw new KeyNotFoundException();
    }

    private void WriteBytes(int row, object value)
    {
        if (Type.Id == DuckDbTypeId.Varchar)
            SetString(row, (string)value);
        else if (Type.Id == DuckDbTypeId.Bit)
            Assign(row, StoredForm.OfBits((string)value));
        else if (Type.Id == DuckDbTypeId.BigNum)
            Assign(row, StoredForm.OfBigNum((BigInteger)value));
        else
            Assign(row, (byte[])value);
    }

    private void WriteNested(int row, object value)
    {
        switch (Type.Id)
        {
            case DuckDbTypeId.List: WriteElements(SetList(row, ((System.Collections.IList)value).Count), (System.Collections.IList)value); break;
            case DuckDbTypeId.Array: WriteArray(row, (System.Collections.IList)value); break;
            case DuckDbTypeId.Map: WriteMap(row, (IReadOnlyList<KeyValuePair<object, object?>>)value); break;
            case DuckDbTypeId.Struct: WriteStruct(row, (IReadOnlyList<KeyValuePair<string, object?>>)value); break;
            case DuckDbTypeId.Union: WriteUnion(row, (DuckDbUnion)value); break;
            default: throw new InvalidCastException();
        }
    }

    private void WriteElements(int offset, System.Collections.IList values)
    {
        var elements = Child(0);
        for (var i = 0; i < values.Count; i++)
            elements.SetValue(offset + i, values[i]);
    }

    private void WriteArray(int row, System.Collections.IList values)
    {
        if (values.Count != Type.ArraySize)
            throw new FormatException();
        WriteElements(row * Type.ArraySize, values);
    }

    private void WriteMap(int row, IReadOnlyList<KeyValuePair<object, object?>> pairs)
    {
        var offset = SetList(row, pairs.Count);
        for (var i = 0; i < pairs.Count; i++)
        {
            Child(0).SetValue(offset + i, pairs[i].Key);
            Child(1).SetValue(offset + i, pairs[i].Value);
        }
    }

    private void WriteStruct(int row, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        if (fields.Count != Type.Children.Count)
            throw new FormatException();
        for (var i = 0; i < fields.Count; i++)
            Child(i).SetValue(row, fields[i].Value);
    }

    private void WriteUnion(int row, DuckDbUnion value)
    {
        var member = Type.Children.ToList().FindIndex(child => child.Name == value.Tag);
        if (member < 0)
            throw new KeyNotFoundException();
        SetUnionTag(row, member);
        Child(member).SetValue(row, value.Value);
    }
}
