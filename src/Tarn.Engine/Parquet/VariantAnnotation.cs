namespace Tarn.Engine.Parquet;

/// <summary>
/// Takes the annotation of variants from the columns of a Parquet file, in place, so that they are read as what they are made of. The number of the
/// annotation becomes one that no reader knows and all pass over; no length changes.
/// </summary>
internal static class VariantAnnotation
{
    // 63 in Thrift's zigzag form; parquet.thrift counts up from 18.
    private const byte UnknownAnnotation = 0x7E;

    /// <summary>Takes all away.</summary>
    public static void Remove(string path)
    {
        var footer = ParquetFooter.Read(path);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        foreach (var column in All(footer.Root))
            RandomAccess.Write(handle, [UnknownAnnotation], footer.FooterOffset + column.VariantTagOffset);
    }

    /// <summary>Columns with the annotation.</summary>
    public static IEnumerable<ParquetColumn> All(ParquetColumn column) => column.VariantTagOffset >= 0 ? [column] : column.Children.SelectMany(All);
}
