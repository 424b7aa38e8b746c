using System.Numerics;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

public sealed unsafe partial class DuckDbVector
{
    /// <summary>
    /// A value as an object; null for NULL. For speed read <see cref="Values{T}"/> instead. What each type gives:
    /// <list type="table">
    /// <item><term>BOOLEAN</term><description><see cref="bool"/></description></item>
    /// <item><term>TINYINT, SMALLINT, INTEGER, BIGINT</term><description><see cref="sbyte"/>, <see cref="short"/>, <see cref="int"/>, <see cref="long"/></description></item>
    /// <item><term>UTINYINT, USMALLINT, UINTEGER, UBIGINT</term><description><see cref="byte"/>, <see cref="ushort"/>, <see cref="uint"/>, <see cref="ulong"/></description></item>
    /// <item><term>HUGEINT, UHUGEINT, BIGNUM</term><description><see cref="Int128"/>, <see cref="UInt128"/>, <see cref="BigInteger"/></description></item>
    /// <item><term>FLOAT, DOUBLE</term><description><see cref="float"/>, <see cref="double"/></description></item>
    /// <item><term>DECIMAL</term><description><see cref="Decimal38"/> with the scale of the type</description></item>
    /// <item><term>DATE</term><description><see cref="int"/>, days since 1970-01-01; <see cref="int.MaxValue"/> and its negative are the infinities</description></item>
    /// <item><term>TIME, TIME_NS</term><description><see cref="long"/>, micro- or nanoseconds since midnight; 24:00:00 is possible</description></item>
    /// <item><term>TIME WITH TIME ZONE</term><description><see cref="DuckDbTimeTz"/></description></item>
    /// <item><term>TIMESTAMP, _S, _MS, _NS, WITH TIME ZONE</term><description><see cref="DuckDbTimestamp"/></description></item>
    /// <item><term>INTERVAL</term><description><see cref="DuckDbInterval"/></description></item>
    /// <item><term>UUID</term><description><see cref="Guid"/></description></item>
    /// <item><term>VARCHAR (also JSON), ENUM</term><description><see cref="string"/></description></item>
    /// <item><term>BLOB, GEOMETRY</term><description>byte[] (a geometry as WKB)</description></item>
    /// <item><term>BIT</term><description><see cref="string"/> of 0 and 1</description></item>
    /// <item><term>LIST, ARRAY</term><description>object?[]</description></item>
    /// <item><term>STRUCT</term><description>KeyValuePair&lt;string, object?&gt;[] in the order of the fields</description></item>
    /// <item><term>MAP</term><description>KeyValuePair&lt;object, object?&gt;[] in stored order</description></item>
    /// <item><term>UNION</term><description><see cref="DuckDbUnion"/></description></item>
    /// </list>
    /// </summary>
    /// <exception cref="TarnException">The type has no such form (VARIANT, <see cref="ErrorKind.Unsupported"/>): cast it in SQL.</exception>
    public object? GetValue(int row)
    {
        CheckRow(row);
        return IsValidUnchecked(row) ? ReadValue(row) : null;
    }

    private object? ReadValue(int row) => Type.Id switch
    {
        DuckDbTypeId.Boolean => _data[row] != 0,
        DuckDbTypeId.TinyInt => ((sbyte*)_data)[row],
        DuckDbTypeId.UTinyInt => _data[row],
        DuckDbTypeId.SmallInt => ((short*)_data)[row],
        DuckDbTypeId.USmallInt => ((ushort*)_data)[row],
        DuckDbTypeId.Integer or DuckDbTypeId.Date => ((int*)_data)[row],
        DuckDbTypeId.UInteger => ((uint*)_data)[row],
        DuckDbTypeId.BigInt or DuckDbTypeId.Time or DuckDbTypeId.TimeNs => ((long*)_data)[row],
        DuckDbTypeId.UBigInt => ((ulong*)_data)[row],
        DuckDbTypeId.HugeInt => ReadInt128(row),
        DuckDbTypeId.UHugeInt => (UInt128)ReadInt128(row),
        DuckDbTypeId.Float => ((float*)_data)[row],
        DuckDbTypeId.Double => ((double*)_data)[row],
        DuckDbTypeId.Decimal => ReadDecimal(row),
        DuckDbTypeId.Varchar => Encoding.UTF8.GetString(BytesUnchecked(row)),
        DuckDbTypeId.Enum => Type.EnumValues[ReadEnumNumber(row)],
        DuckDbTypeId.Uuid => ReadGuid(row),
        DuckDbTypeId.Blob or DuckDbTypeId.Geometry => BytesUnchecked(row).ToArray(),
        DuckDbTypeId.Bit => ReadBits(BytesUnchecked(row)),
        DuckDbTypeId.BigNum => ReadBigNum(BytesUnchecked(row)),
        DuckDbTypeId.Interval => ((DuckDbInterval*)_data)[row],
        DuckDbTypeId.TimeTz => DuckDbTimeTz.FromBits(((ulong*)_data)[row]),
        DuckDbTypeId.Timestamp => ReadTimestamp(row, DuckDbTimestampUnit.Microseconds),
        DuckDbTypeId.TimestampS => ReadTimestamp(row, DuckDbTimestampUnit.Seconds),
        DuckDbTypeId.TimestampMs => ReadTimestamp(row, DuckDbTimestampUnit.Milliseconds),
        DuckDbTypeId.TimestampNs => ReadTimestamp(row, DuckDbTimestampUnit.Nanoseconds),
        DuckDbTypeId.TimestampTz => new DuckDbTimestamp(((long*)_data)[row], DuckDbTimestampUnit.Microseconds, WithTimeZone: true),
        DuckDbTypeId.SqlNull => null,
        _ => ReadNested(row),
    };

    private object ReadNested(int row) => Type.Id switch
    {
        DuckDbTypeId.List or DuckDbTypeId.Array => ReadList(row),
        DuckDbTypeId.Map => ReadMap(row),
        DuckDbTypeId.Struct => ReadStruct(row),
        DuckDbTypeId.Union => ReadUnion(row),
        _ => throw TarnException.Unsupported($"Values of type {Type} are not read; cast the column in SQL, for example to VARCHAR or JSON."),
    };

    // Two loads, because the rows of a nested vector need not be aligned to 16 bytes.
    private Int128 ReadInt128(int row) => new(((ulong*)_data)[2 * row + 1], ((ulong*)_data)[2 * row]);

    private Decimal38 ReadDecimal(int row) => new(
        Type.Width switch
        {
            <= 4 => ((short*)_data)[row],
            <= 9 => ((int*)_data)[row],
            <= 18 => ((long*)_data)[row],
            _ => ReadInt128(row),
        },
        Type.Scale);

    private int ReadEnumNumber(int row) => Type.StorageSize switch
    {
        1 => _data[row],
        2 => ((ushort*)_data)[row],
        _ => ((int*)_data)[row],
    };

    // Stored as a signed 128-bit number with the highest bit inverted, so that signed order is the order of the text.
    private Guid ReadGuid(int row)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong*)_data)[2 * row + 1] ^ (1UL << 63));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ((ulong*)_data)[2 * row]);
        return new Guid(bytes, bigEndian: true);
    }

    private DuckDbTimestamp ReadTimestamp(int row, DuckDbTimestampUnit unit) => new(((long*)_data)[row], unit, WithTimeZone: false);

    // The first byte counts the unused bits at the start of the second.
    private static string ReadBits(ReadOnlySpan<byte> stored)
    {
        var text = new StringBuilder();
        for (var bit = (int)stored[0]; bit < (stored.Length - 1) * 8; bit++)
            text.Append((stored[1 + bit / 8] >> (7 - bit % 8) & 1) == 0 ? '0' : '1');
        return text.ToString();
    }

    // A header of three bytes, then the magnitude, highest byte first; all bits of a negative number are inverted.
    private static BigInteger ReadBigNum(ReadOnlySpan<byte> stored)
    {
        const int headerLength = 3;
        var negative = (stored[0] & 0x80) == 0;
        var magnitude = stored[headerLength..].ToArray();
        if (negative)
            for (var i = 0; i < magnitude.Length; i++)
                magnitude[i] = (byte)~magnitude[i];
        var value = new BigInteger(magnitude, isUnsigned: true, isBigEndian: true);
        return negative ? -value : value;
    }

    private object?[] ReadList(int row)
    {
        var (offset, length) = ListRange(row);
        var elements = Child(0);
        var values = new object?[length];
        for (var i = 0; i < length; i++)
            values[i] = elements.GetValue(offset + i);
        return values;
    }

    private KeyValuePair<object, object?>[] ReadMap(int row)
    {
        var (offset, length) = ListRange(row);
        var (keys, values) = (Child(0), Child(1));
        var pairs = new KeyValuePair<object, object?>[length];
        for (var i = 0; i < length; i++)
            pairs[i] = new KeyValuePair<object, object?>(keys.GetValue(offset + i)!, values.GetValue(offset + i));
        return pairs;
    }

    private KeyValuePair<string, object?>[] ReadStruct(int row)
    {
        var fields = new KeyValuePair<string, object?>[Type.Children.Count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new KeyValuePair<string, object?>(Type.Children[i].Name, Child(i).GetValue(row));
        return fields;
    }

    private DuckDbUnion ReadUnion(int row)
    {
        var tag = UnionTag(row);
        return new DuckDbUnion(Type.Children[tag].Name, Child(tag).GetValue(row));
    }
}
