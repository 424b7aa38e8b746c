using Tarn.DuckDb;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Functions;

/// <summary>
/// <see cref="JsonShape"/> for SQL: <c>__tarn_json_shape(json, type)</c> gives the form, NULL where a value has none, and
/// <c>__tarn_json_misfit(json, type, column)</c> the sentence that says why, NULL where it has one.
/// </summary>
internal static class JsonShapeFunctions
{
    private const string ShapeName = "__tarn_json_shape", MisfitName = "__tarn_json_misfit";

    /// <summary>Makes the functions known to an instance.</summary>
    public static void Register(DuckDbConnection connection)
    {
        connection.RegisterScalarFunction(Function(ShapeName, 2, Shape));
        connection.RegisterScalarFunction(Function(MisfitName, 3, Misfit));
    }

    /// <summary>The call that gives the form of a value.</summary>
    public static string ShapeOf(string json, IcebergType column) => $"{ShapeName}({json}, {EngineSql.String(SqlTypeText.Of(column))})";

    /// <summary>The call that says why a value has none.</summary>
    public static string MisfitOf(string json, IcebergType column, string name) => $"{MisfitName}({json}, {EngineSql.String(SqlTypeText.Of(column))}, {EngineSql.String(name)})";

    private static DuckDbScalarFunction Function(string name, int parameterCount, Action<DuckDbChunk, DuckDbVectorWriter> body) => new()
    {
        Name = name,
        Parameters = [.. Enumerable.Repeat(DuckDbType.Of(DuckDbTypeId.Varchar), parameterCount)],
        ReturnType = DuckDbType.Of(DuckDbTypeId.Varchar),
        Body = body,
    };

    private static void Shape(DuckDbChunk chunk, DuckDbVectorWriter output) => Each(chunk, output, (row, misfit, written) =>
    {
        if (misfit is null)
            output.SetBytes(row, written);
        else
            output.SetNull(row);
    });

    private static void Misfit(DuckDbChunk chunk, DuckDbVectorWriter output) => Each(chunk, output, (row, misfit, _) =>
    {
        if (misfit is null)
            output.SetNull(row);
        else
            output.SetString(row, misfit.Sentence(chunk[2].GetString(row)!));
    });

    private delegate void Answer(int row, JsonMisfit? misfit, ReadOnlySpan<byte> written);

    private static void Each(DuckDbChunk chunk, DuckDbVectorWriter output, Answer answer)
    {
        if (chunk.RowCount == 0)
            return;
        using var shape = new JsonShape(IcebergTypes.Of(SqlParser.ParseType(chunk[1].GetString(0)!), () => 0));
        for (int row = 0; row < chunk.RowCount; row++)
        {
            if (!chunk[0].IsValid(row))
            {
                output.SetNull(row);
                continue;
            }

            var misfit = shape.Write(chunk[0].Bytes(row));
            answer(row, misfit, shape.Written);
        }
    }
}
