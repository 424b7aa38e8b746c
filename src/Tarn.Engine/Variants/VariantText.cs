using System.Buffers;
using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.DuckDb;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Parquet;
using Tarn.Engine.Relations;
using Tarn.Engine.Types;
using Tarn.Iceberg.Serialization.Variants;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Variants;

/// <summary>
/// Variants as JSON text: <c>__tarn_variant(group, instants)</c> over the group in which a Parquet file keeps them, shredded or not, and the names of the
/// columns in it that are instants although the engine takes them for local times. NULL stays NULL; the null of the variant is <c>null</c> in JSON.
/// </summary>
internal static class VariantText
{
    /// <summary>Name of the function.</summary>
    public const string FunctionName = "__tarn_variant";

    // The text stands in no document of another language.
    private static readonly JsonWriterOptions Options = PlainJson.Options with { SkipValidation = true, MaxDepth = VariantJson.MaxDepth * 2 };

    /// <summary>The scalar function.</summary>
    public static DuckDbScalarFunction Function => new()
    {
        Name = FunctionName,
        Parameters = [DuckDbType.Of(DuckDbTypeId.Any), DuckDbType.Of(DuckDbTypeId.Varchar)],
        ReturnType = DuckDbType.Of(DuckDbTypeId.Varchar),
        HandlesNulls = true,
        Body = Convert,
    };

    /// <summary>The call over the column of a file.</summary>
    /// <exception cref="TarnException">DataCorrupted: a column in it is of a type that variants do not have.</exception>
    public static string Call(FileColumn column, string sql)
    {
        var instants = new List<string>();
        Walk(column, "", instants);
        return $"{FunctionName}({sql}, {EngineSql.String(string.Join(ShreddedGroup.PathSeparator, instants))})";
    }

    /// <summary>The JSON of an encoded variant in UTF-8.</summary>
    public static byte[] Of(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value)
    {
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text, Options);
        VariantJson.Write(writer, new VariantMetadata(metadata), value);
        writer.Flush();
        return text.WrittenSpan.ToArray();
    }

    private static void Walk(FileColumn column, string path, List<string> instants)
    {
        if (column.Leaf is { } leaf)
        {
            bool isUnknown = leaf is { Annotation: ParquetAnnotation.Integer, IsSigned: false } or { PhysicalType: ParquetPhysicalType.Int96 }
                || (leaf.PhysicalType == ParquetPhysicalType.FixedLenByteArray && leaf.Annotation is not (ParquetAnnotation.Uuid or ParquetAnnotation.Decimal));
            if (isUnknown)
                throw TarnException.Corrupted($"Column '{path[1..].Replace(ShreddedGroup.StepSeparator, '.')}' of a variant is of the Parquet type {leaf.PhysicalType} ({leaf.Annotation}), which VariantShredding.md does not allow. Its writer is at fault.");
            if (leaf.WasAdjustedToUtc && !leaf.IsAdjustedToUtc)
                instants.Add(path);
        }

        foreach (var child in column.Children)
            Walk(child, column.Kind == TypeId.List ? path : $"{path}{ShreddedGroup.StepSeparator}{child.Name}", instants);
    }

    private static void Convert(DuckDbChunk chunk, DuckDbVectorWriter output)
    {
        var group = new ShreddedGroup(chunk[0], chunk.RowCount == 0 ? "" : chunk[1].GetString(0)!);
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text, Options);
        for (int row = 0; row < chunk.RowCount; row++)
        {
            if (!chunk[0].IsValid(row))
            {
                output.SetNull(row);
                continue;
            }

            text.ResetWrittenCount();
            writer.Reset();
            group.Write(writer, row);
            writer.Flush();
            output.SetBytes(row, text.WrittenSpan);
        }
    }
}
