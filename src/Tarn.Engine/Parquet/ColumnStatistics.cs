namespace Tarn.Engine.Parquet;

/// <summary>What a footer says about the values of a column in one row group (parquet.thrift, ColumnMetaData and Statistics).</summary>
/// <param name="ValueCount">Values with nulls.</param>
/// <param name="NullCount">Nulls; null when the writer did not count.</param>
/// <param name="Min">Not above any value, plainly encoded; null when there is none.</param>
/// <param name="Max">Not below any value, plainly encoded; null when there is none.</param>
internal sealed record ColumnStatistics(long ValueCount, long? NullCount = null, byte[]? Min = null, byte[]? Max = null)
{
    /// <summary>Reads a ColumnMetaData struct.</summary>
    public static ColumnStatistics Read(ref CompactReader reader)
    {
        var column = new ColumnStatistics(0);
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            switch (id)
            {
                case 5: column = column with { ValueCount = reader.ReadInt64() }; break;
                case 12 when type == CompactType.Struct: column = column.WithStatistics(ref reader); break;
                default: reader.Skip(type); break;
            }
        }

        return column;
    }

    // Fields 1 and 2 are the deprecated bounds, whose order nobody defined.
    private ColumnStatistics WithStatistics(ref CompactReader reader)
    {
        var column = this;
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            switch (id)
            {
                case 3 when type == CompactType.I64: column = column with { NullCount = reader.ReadInt64() }; break;
                case 5 when type == CompactType.Binary: column = column with { Max = reader.ReadBinary().ToArray() }; break;
                case 6 when type == CompactType.Binary: column = column with { Min = reader.ReadBinary().ToArray() }; break;
                default: reader.Skip(type); break;
            }
        }

        return column;
    }
}
