using Tarn.Core.Errors;

namespace Tarn.Engine.Parquet;

/// <summary>A row group of a Parquet file as its footer describes it (parquet.thrift, RowGroup).</summary>
/// <param name="RowCount">Rows.</param>
/// <param name="Columns">Statistics in the order of the schema's leaves; null for a column whose metadata the footer does not hold.</param>
internal sealed record RowGroup(long RowCount, IReadOnlyList<ColumnStatistics?> Columns)
{
    /// <summary>The row groups of a local file.</summary>
    /// <exception cref="TarnException">As of <see cref="ParquetFooter.Read"/>.</exception>
    public static IReadOnlyList<RowGroup> ReadAll(string path)
    {
        var (footer, _) = ParquetFooter.ReadBytes(path);
        try
        {
            return Parse(footer);
        }
        catch (TarnException e) when (e.Kind == ErrorKind.DataCorrupted)
        {
            throw TarnException.Corrupted($"Parquet file '{path}' is damaged: {e.Message}. Restore the file.", e);
        }
    }

    /// <summary>The row groups of a footer (FileMetaData, field 4).</summary>
    public static IReadOnlyList<RowGroup> Parse(ReadOnlySpan<byte> footer)
    {
        var reader = new CompactReader(footer);
        var groups = new List<RowGroup>();
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            if (id != 4 || type != CompactType.List)
            {
                reader.Skip(type);
                continue;
            }

            for (int left = reader.ReadListHeader(out _); left > 0; left--)
                groups.Add(Read(ref reader));
        }

        return groups;
    }

    private static RowGroup Read(ref CompactReader reader)
    {
        var columns = new List<ColumnStatistics?>();
        long rowCount = -1;
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            if (id == 1 && type == CompactType.List)
                ReadColumns(ref reader, columns);
            else if (id == 3 && type == CompactType.I64)
                rowCount = reader.ReadInt64();
            else
                reader.Skip(type);
        }

        return rowCount >= 0 ? new RowGroup(rowCount, columns) : throw TarnException.Corrupted("a row group has no row count");
    }

    // ColumnChunk: field 3 is its metadata, which is missing when it is encrypted.
    private static void ReadColumns(ref CompactReader reader, List<ColumnStatistics?> columns)
    {
        for (int left = reader.ReadListHeader(out _); left > 0; left--)
        {
            ColumnStatistics? column = null;
            int id = 0;
            while (reader.TryReadField(ref id, out var type))
            {
                if (id == 3 && type == CompactType.Struct)
                    column = ColumnStatistics.Read(ref reader);
                else
                    reader.Skip(type);
            }

            columns.Add(column);
        }
    }
}
