using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

/// <summary>
/// The objects that a parameter takes, and the SQL type each becomes: null NULL; bool BOOLEAN; sbyte, short, int, long TINYINT to BIGINT;
/// byte, ushort, uint, ulong UTINYINT to UBIGINT; Int128 HUGEINT; UInt128 UHUGEINT; float, double; <see cref="decimal"/> and
/// <see cref="Decimal38"/> DECIMAL of just enough digits; string and char VARCHAR; byte[] BLOB; Guid UUID; DateOnly DATE; TimeOnly TIME;
/// DateTime TIMESTAMP (kind UTC: WITH TIME ZONE); DateTimeOffset TIMESTAMP WITH TIME ZONE; TimeSpan and <see cref="DuckDbInterval"/>
/// INTERVAL; <see cref="DuckDbTimestamp"/> the type of its unit; an array of pairs of names and objects STRUCT; an array of pairs of objects
/// MAP; any other array or list of such objects LIST, of the type of its first element that is not null.
/// </summary>
public static unsafe partial class DuckDbValue
{
    private const long UnixEpochTicks = 621_355_968_000_000_000;
    private const int UnixEpochDay = 719_162;

    internal static ValueHandle Create(object? value)
    {
        var handle = new ValueHandle(CreateNative(value));
        return handle.IsInvalid ? throw new ArgumentException($"DuckDB refuses the value '{value}'.", nameof(value)) : handle;
    }

    private static nint CreateNative(object? value) => value switch
    {
        null or DBNull => NativeMethods.duckdb_create_null_value(),
        string text => CreateText(text),
        char c => CreateText(c.ToString()),
        bool b => NativeMethods.duckdb_create_bool(b),
        sbyte or short or int or long or byte or ushort or uint or ulong or Int128 or UInt128 => CreateInteger(value),
        float f => NativeMethods.duckdb_create_float(f),
        double d => NativeMethods.duckdb_create_double(d),
        decimal d => CreateDecimal(Decimal38.From(d)),
        Decimal38 d => CreateDecimal(d),
        byte[] bytes => CreateBlob(bytes),
        Guid guid => CreateUuid(guid),
        KeyValuePair<string, object?>[] fields => CreateStruct(fields),
        KeyValuePair<object, object?>[] pairs => CreateMap(pairs),
        System.Collections.IList list => CreateList(list),
        _ => CreateTime(value),
    };

    private static nint CreateInteger(object value) => value switch
    {
        sbyte v => NativeMethods.duckdb_create_int8(v),
        short v => NativeMethods.duckdb_create_int16(v),
        int v => NativeMethods.duckdb_create_int32(v),
        long v => NativeMethods.duckdb_create_int64(v),
        byte v => NativeMethods.duckdb_create_uint8(v),
        ushort v => NativeMethods.duckdb_create_uint16(v),
        uint v => NativeMethods.duckdb_create_uint32(v),
        ulong v => NativeMethods.duckdb_create_uint64(v),
        Int128 v => NativeMethods.duckdb_create_hugeint(NativeHugeInt.From(v)),
        _ => NativeMethods.duckdb_create_uhugeint(NativeHugeInt.From((UInt128)value)),
    };

    private static nint CreateTime(object value) => value switch
    {
        DateOnly date => NativeMethods.duckdb_create_date(date.DayNumber - UnixEpochDay),
        TimeOnly time => NativeMethods.duckdb_create_time(time.Ticks / TimeSpan.TicksPerMicrosecond),
        DateTime { Kind: DateTimeKind.Utc } time => NativeMethods.duckdb_create_timestamp_tz(Micros(time.Ticks)),
        DateTime time => NativeMethods.duckdb_create_timestamp(Micros(time.Ticks)),
        DateTimeOffset time => NativeMethods.duckdb_create_timestamp_tz(Micros(time.UtcTicks)),
        TimeSpan span => NativeMethods.duckdb_create_interval(new NativeInterval { Micros = span.Ticks / TimeSpan.TicksPerMicrosecond }),
        DuckDbInterval interval => NativeMethods.duckdb_create_interval(
            new NativeInterval { Months = interval.Months, Days = interval.Days, Micros = interval.Micros }),
        DuckDbTimestamp timestamp => CreateTimestamp(timestamp),
        DuckDbUnion => throw TarnException.Unsupported("A value of type UNION cannot be a parameter. Pass a value of the member's type, and make the UNION in the statement."),
        _ => throw new ArgumentException($"A {value.GetType().Name} has no SQL form; convert it to a basic type first.", nameof(value)),
    };

    private static nint CreateTimestamp(DuckDbTimestamp time) => time.Unit switch
    {
        DuckDbTimestampUnit.Seconds => NativeMethods.duckdb_create_timestamp_s(time.Value),
        DuckDbTimestampUnit.Milliseconds => NativeMethods.duckdb_create_timestamp_ms(time.Value),
        DuckDbTimestampUnit.Nanoseconds => NativeMethods.duckdb_create_timestamp_ns(time.Value),
        _ when time.WithTimeZone => NativeMethods.duckdb_create_timestamp_tz(time.Value),
        _ => NativeMethods.duckdb_create_timestamp(time.Value),
    };

    private static long Micros(long ticks) =>
        (long)Math.Floor((ticks - UnixEpochTicks) / (decimal)TimeSpan.TicksPerMicrosecond);

    private static nint CreateText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes)
            return NativeMethods.duckdb_create_varchar_length(first, (ulong)bytes.Length);
    }

    private static nint CreateBlob(byte[] bytes)
    {
        fixed (byte* first = bytes)
            return NativeMethods.duckdb_create_blob(first, (ulong)bytes.Length);
    }

    private static nint CreateDecimal(Decimal38 value) => NativeMethods.duckdb_create_decimal(new NativeDecimal
    {
        Width = (byte)Math.Max(value.Precision, Math.Max(value.Scale, 1)),
        Scale = (byte)value.Scale,
        Value = NativeHugeInt.From(value.Unscaled),
    });

    private static nint CreateUuid(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return NativeMethods.duckdb_create_uuid(
            NativeHugeInt.From(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes)));
    }
}
