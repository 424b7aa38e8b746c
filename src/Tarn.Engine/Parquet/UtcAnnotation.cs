namespace Tarn.Engine.Parquet;

/// <summary>
/// Changes whether timestamp columns of a Parquet file are adjusted to UTC, in place. In Thrift's compact protocol a boolean is the type
/// nibble of its field header (1 true, 2 false), so no length changes.
/// </summary>
internal static class UtcAnnotation
{
    /// <summary>Changes the columns that satisfy the test.</summary>
    public static void Set(string path, Func<ParquetColumn, bool> test, bool isAdjustedToUtc)
    {
        var footer = ParquetFooter.Read(path);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> header = stackalloc byte[1];
        foreach (var column in Leaves(footer.Root).Where(c => c.UtcFlagOffset >= 0 && c.IsAdjustedToUtc != isAdjustedToUtc && test(c)))
        {
            long offset = footer.FooterOffset + column.UtcFlagOffset;
            RandomAccess.Read(handle, header, offset);
            header[0] = (byte)((header[0] & 0xF0) | (isAdjustedToUtc ? (int)CompactType.True : (int)CompactType.False));
            RandomAccess.Write(handle, header, offset);
        }
    }

    /// <summary>All leaves below a column.</summary>
    public static IEnumerable<ParquetColumn> Leaves(ParquetColumn column) => column.IsGroup ? column.Children.SelectMany(Leaves) : [column];
}
