using Tarn.DuckDb;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Ingest;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Functions;

/// <summary>
/// <see cref="PlainText"/> for SQL: <c>__tarn_plain_long(text)</c> and its like, one for each type. NULL for a text in another spelling, and for NULL.
/// They cost less than the engine's cast, and a fraction of finding out whether that cast would lose something.
/// </summary>
internal static class PlainTextFunctions
{
    private const string Prefix = "__tarn_plain_";
    private const string FitsPrefix = "__tarn_fits_";
    private const string FormName = "__tarn_text_form";

    private delegate bool Test(ReadOnlySpan<byte> text);

    private delegate bool Reader<T>(ReadOnlySpan<byte> text, out T value);

    /// <summary>Makes the functions known to an instance.</summary>
    public static void Register(DuckDbConnection connection)
    {
        connection.RegisterScalarFunction(Function<int>(SimpleType.Int, PlainText.TryInt));
        connection.RegisterScalarFunction(Function<long>(SimpleType.Long, PlainText.TryLong));
        connection.RegisterScalarFunction(Function<double>(SimpleType.Double, PlainText.TryDouble));
        connection.RegisterScalarFunction(Function<int>(SimpleType.Date, PlainText.TryDate));
        connection.RegisterScalarFunction(Function<long>(SimpleType.Time, PlainText.TryTime));
        connection.RegisterScalarFunction(Function<long>(SimpleType.Timestamp, PlainText.TryTimestamp));
        connection.RegisterScalarFunction(Function<long>(SimpleType.TimestampTz, PlainText.TryTimestampTz));
        connection.RegisterScalarFunction(Function<int>(FormName, SimpleType.Int, TextForms.TryOf));
        connection.RegisterScalarFunction(Function(SimpleType.Float, NumberText.FitsFloat));
        connection.RegisterScalarFunction(Function(SimpleType.Double, NumberText.FitsDouble));
    }

    /// <summary>The call that gives the value of a text, if it is a plain one; null for a type without such a function.</summary>
    public static string? Call(string text, IcebergType type) =>
        type.Id is TypeId.Int or TypeId.Long or TypeId.Double or TypeId.Date or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz ? $"{Name(type)}({text})" : null;

    /// <summary>The call that says whether a number survives in a float or double (<see cref="NumberText"/>); NULL for NULL.</summary>
    public static string Fits(string text, IcebergType type) => $"{FitsPrefix}{type}({text})";

    /// <summary>The call that gives the form of a text (<see cref="TextForm"/>) as a number; NULL for NULL.</summary>
    public static string Form(string text) => $"{FormName}({text})";

    private static string Name(IcebergType type) => Prefix + type;

    private static DuckDbScalarFunction Function<T>(SimpleType type, Reader<T> reader) where T : unmanaged => Function(Name(type), type, reader);

    private static DuckDbScalarFunction Function<T>(string name, SimpleType type, Reader<T> reader) where T : unmanaged => new()
    {
        Name = name,
        Parameters = [DuckDbType.Of(DuckDbTypeId.Varchar)],
        ReturnType = EngineType.ToDuckDb(type),
        HandlesNulls = true,
        Body = (chunk, output) => Read(chunk[0], chunk.RowCount, output, reader),
    };

    private static DuckDbScalarFunction Function(SimpleType type, Test test) => new()
    {
        Name = FitsPrefix + type,
        Parameters = [DuckDbType.Of(DuckDbTypeId.Varchar)],
        ReturnType = DuckDbType.Of(DuckDbTypeId.Boolean),
        Body = (chunk, output) => Judge(chunk[0], chunk.RowCount, output, test),
    };

    private static void Judge(DuckDbVector texts, int rowCount, DuckDbVectorWriter output, Test test)
    {
        var values = output.Values<byte>();
        for (int row = 0; row < rowCount; row++)
        {
            if (texts.IsValid(row))
                values[row] = test(texts.Bytes(row)) ? (byte)1 : (byte)0;
            else
                output.SetNull(row);
        }
    }

    private static void Read<T>(DuckDbVector texts, int rowCount, DuckDbVectorWriter output, Reader<T> reader) where T : unmanaged
    {
        var values = output.Values<T>();
        for (int row = 0; row < rowCount; row++)
        {
            if (!texts.IsValid(row) || !reader(texts.Bytes(row), out values[row]))
                output.SetNull(row);
        }
    }
}
