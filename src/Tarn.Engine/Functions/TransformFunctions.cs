using System.Globalization;
using System.Text;
using Tarn.Core.Values;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Engine.Functions;

/// <summary>Partition transforms that the engine lacks, as functions written in C#. All give NULL for NULL.</summary>
internal static class TransformFunctions
{
    private static readonly DuckDbType Integer = DuckDbType.Of(DuckDbTypeId.Integer), BigInt = DuckDbType.Of(DuckDbTypeId.BigInt);
    private static readonly DuckDbType Varchar = DuckDbType.Of(DuckDbTypeId.Varchar), Blob = DuckDbType.Of(DuckDbTypeId.Blob);

    /// <summary>Makes the functions known to an instance.</summary>
    public static void Register(DuckDbConnection connection)
    {
        connection.RegisterScalarFunction(TransformSql.BucketLong, [Integer, BigInt], Integer, BucketLong);
        connection.RegisterScalarFunction(TransformSql.BucketBytes, [Integer, Blob], Integer, BucketBytes);
        connection.RegisterScalarFunction(TransformSql.BucketDecimal, [Integer, Varchar], Integer, (chunk, output) =>
            Each(chunk, row => output.Values<int>()[row] = (int)Bound(Transform.Bucket, chunk, row).Apply(DecimalAt(chunk, row))!));
        connection.RegisterScalarFunction(TransformSql.TruncateDecimal, [Integer, Varchar], Varchar, (chunk, output) =>
            Each(chunk, row => output.SetString(row, Bound(Transform.Truncate, chunk, row).Apply(DecimalAt(chunk, row))!.ToString())));
    }

    private static void BucketLong(DuckDbChunk chunk, DuckDbVectorWriter output)
    {
        var buckets = output.Values<int>();
        var counts = chunk[0].Values<int>();
        var values = chunk[1].Values<long>();
        for (int row = 0; row < chunk.RowCount; row++)
        {
            if (chunk[1].IsValid(row))
                buckets[row] = (Murmur3.Hash(values[row]) & int.MaxValue) % counts[row];
        }
    }

    private static void BucketBytes(DuckDbChunk chunk, DuckDbVectorWriter output)
    {
        var buckets = output.Values<int>();
        var counts = chunk[0].Values<int>();
        for (int row = 0; row < chunk.RowCount; row++)
        {
            if (chunk[1].IsValid(row))
                buckets[row] = (Murmur3.Hash(chunk[1].Bytes(row)) & int.MaxValue) % counts[row];
        }
    }

    private static void Each(DuckDbChunk chunk, Action<int> action)
    {
        for (int row = 0; row < chunk.RowCount; row++)
        {
            if (chunk[1].IsValid(row))
                action(row);
        }
    }

    private static TransformFunction Bound(Func<int, Transform> transform, DuckDbChunk chunk, int row) =>
        transform(chunk[0].Values<int>()[row]).Bind(new DecimalType(DecimalType.MaxPrecision, DecimalAt(chunk, row).Scale));

    private static Decimal38 DecimalAt(DuckDbChunk chunk, int row) =>
        Decimal38.TryParse(Encoding.UTF8.GetString(chunk[1].Bytes(row)), out var value)
            ? value
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"row {row} holds no decimal"));
}
